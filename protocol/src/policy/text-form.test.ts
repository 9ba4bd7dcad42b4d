import { describe, expect, test } from "vitest";
import { testEvidence } from "../testing/policy-evidence.ts";
import { checkPolicy } from "./check.ts";
import { issueProfile } from "./profile.ts";
import { PROFILES } from "./profiles/index.ts";
import { fromTextForm, toTextForm } from "./text-form.ts";

const issue = {
	agency: "A",
	version: 1,
	notBefore: Date.UTC(2026, 2, 1),
	expires: Date.UTC(2027, 2, 1, 12, 30),
	evidence: testEvidence,
};

test.each(PROFILES.map((profile) => [profile.name, profile] as const))(
	"%s survives JSON",
	(_name, profile) => {
		const policy = issueProfile(profile, issue);
		expect(checkPolicy(fromTextForm(JSON.parse(JSON.stringify(toTextForm(policy))))).policy).toEqual(policy);
	},
);

test("moments are readable", () => {
	const [profile] = PROFILES;
	if (profile === undefined) throw new Error("there are no profiles");
	expect(toTextForm(issueProfile(profile, issue))).toMatchObject({
		notBefore: "2026-03-01T00:00:00Z",
		expires: "2027-03-01T12:30:00Z",
	});
});

describe("a moment", () => {
	test.each([
		["2026-03-01", Date.UTC(2026, 2, 1)],
		["2026-03-01T14:05Z", Date.UTC(2026, 2, 1, 14, 5)],
		["2026-03-01T14:05:09+01:00", Date.UTC(2026, 2, 1, 13, 5, 9)],
		[1_772_000_000_000, 1_772_000_000_000],
	])("%s is taken", (text, ms) => {
		expect(fromTextForm({ notBefore: text })).toEqual({ notBefore: ms });
	});

	test.each([
		"tomorrow",
		"01.03.2026",
		"2026-03-01T14:05",
		"2026-13-01",
		"2027-02-31",
		"2027-02-29T12:00:00Z",
		"",
	])("%s stays for the check", (text) => {
		expect(fromTextForm({ expires: text })).toEqual({ expires: text });
	});
});

test("comments are left out at every depth, and nothing else", () => {
	const form = { "//": "one", a: { "// note": 2, b: [{ "//x": 1, c: 3 }] }, "/": 4 };
	expect(fromTextForm(form)).toEqual({ a: { b: [{ c: 3 }] }, "/": 4 });
});

test.each([7, null, "text", [1]])("%j is no document and stays as it is", (value) => {
	expect(fromTextForm(value)).toEqual(value);
});
