import { describe, expect, test } from "vitest";
import { encodeCbor } from "../../cbor/codec.ts";
import { testEvidence } from "../../testing/policy-evidence.ts";
import { checkPolicy } from "../check.ts";
import { SIGNED_POLICY_BYTES_MAX } from "../document.ts";
import { REVIEWED_LANGUAGES } from "../languages.ts";
import { issueProfile } from "../profile.ts";
import { tighten } from "../tighten.ts";
import { findProfile, PROFILES } from "./index.ts";

const issue = { agency: "A", version: 1, notBefore: 0, expires: 1, evidence: testEvidence };

describe.each(PROFILES.map((profile) => [profile.name, profile] as const))(
	"the profile %s",
	(name, profile) => {
		test("is a good policy", () => {
			expect(checkPolicy(issueProfile(profile, issue)).problems).toEqual([]);
		});

		test("asks for counsel, is not covert, and speaks reviewed languages only", () => {
			expect(profile.counsel.checked).toBe(false);
			expect(profile.counsel.note).toContain("have counsel check this");
			expect(profile.covert).toBe(false);
			for (const language of profile.announcement.languages) expect(REVIEWED_LANGUAGES).toContain(language);
		});

		test("leaves room in a signed document for what an agency adds", () => {
			expect(encodeCbor(issueProfile(profile, issue)).length).toBeLessThan(SIGNED_POLICY_BYTES_MAX / 2);
		});

		test("is found by its name", () => {
			expect(findProfile(name)).toBe(profile);
		});
	},
);

test.each(PROFILES.filter(({ name }) => name !== "demo").map((profile) => [profile.name, profile] as const))(
	"%s names its legal basis and its sources",
	(_name, profile) => {
		expect(profile.jurisdiction.legalBasis.length).toBeGreaterThan(0);
		expect(profile.sources.length).toBeGreaterThan(0);
	},
);

test.each([
	["de-nw", "off", 0, 14],
	["de-bpol", "always", 30_000, 30],
	["de-bw", "manual", 60_000, 28],
	["de-he", "manual", 60_000, 14],
	["de-by", "manual", 30_000, 59],
	["demo", "always", 120_000, 1],
] as const)("%s has pre-recording %s up to %i ms and retention of %i days", (name, mode, maximumMs, days) => {
	const profile = findProfile(name);
	expect(profile?.preRecording).toMatchObject({ mode, maximumMs });
	expect(profile?.retention.days).toBe(days);
});

test("de-nw stays without pre-recording whatever a camera's settings say", () => {
	const profile = findProfile("de-nw");
	if (profile === undefined) throw new Error("there is no de-nw");
	const settings = { preRecordMs: 60_000, preRecordMode: "always", preRecordSound: true } as const;
	expect(tighten(issueProfile(profile, issue), settings).preRecording).toEqual({
		mode: "off",
		lengthMs: 0,
		maximumMs: 0,
		sound: false,
		locked: true,
	});
});

test("there is no profile of an unknown name", () => {
	expect(findProfile("de-xx")).toBeUndefined();
});
