import { describe, expect, test } from "vitest";
import { testEvidence } from "../testing/policy-evidence.ts";
import type { Policy } from "./document.ts";
import { policyFields } from "./fields.ts";
import { issueProfile } from "./profile.ts";
import { deBpol } from "./profiles/de-bpol.ts";
import { deNw } from "./profiles/de-nw.ts";
import { PROFILES } from "./profiles/index.ts";
import { describePolicy } from "./prose.ts";
import { renderPolicyMarkdown, renderPolicyText } from "./render.ts";

const issue = {
	agency: "Ordnungsamt Musterstadt",
	version: 3,
	notBefore: Date.UTC(2026, 2, 1),
	expires: Date.UTC(2027, 2, 1),
	evidence: testEvidence,
};
const bpol = issueProfile(deBpol, issue);
const says = (policy: Policy, topic: string) =>
	describePolicy(policy)
		.flatMap(({ statements }) => statements)
		.find((statement) => statement.topic === topic)?.says;

test("every field of the document is in a statement", () => {
	const told = describePolicy(bpol).flatMap(({ statements }) =>
		statements.flatMap(({ field }) => field.split(", ")),
	);
	const untold = [...policyFields().keys()].filter(
		(path) => !told.some((field) => path === field || path.startsWith(`${field}.`)),
	);
	expect(untold).toEqual(["format"]);
});

test.each(PROFILES.map((profile) => [profile.name, profile] as const))(
	"%s reads without gaps",
	(_name, profile) => {
		for (const { statements } of describePolicy(issueProfile(profile, issue)))
			for (const statement of statements) {
				expect(statement.says).toMatch(/^[A-ZÄÖÜ§0-9].*\.$/);
				expect(statement.says).not.toMatch(/undefined|NaN|\[object| {2}|\.\./);
			}
	},
);

describe("statements follow the values", () => {
	test("a locked pre-recording says that nothing is kept and nothing turns it on", () => {
		expect(says(issueProfile(deNw, issue), "Pre-recording")).toBe(
			"Nothing from before the trigger is kept. Locked: no setting and no gesture turns it on.",
		);
	});

	test("an unlocked one says its lengths", () => {
		expect(says(bpol, "Pre-recording")).toMatch(/^Whenever the camera is ready, 30 s .* at most 30 s;/);
	});

	test("the validity is in dates", () => {
		expect(says(bpol, "Valid")).toContain("From 2026-03-01 00:00:00 UTC to 2027-03-01 00:00:00 UTC");
	});

	test("an unchecked document says so aloud", () => {
		expect(says(bpol, "Legal counsel")).toMatch(/^Has NOT checked .*have counsel check this/);
	});

	test("a profile says that nobody has issued it", () => {
		const statements = describePolicy(deNw).flatMap((section) => section.statements);
		expect(statements.find(({ topic }) => topic === "Issued by")?.says).toBe(
			"Nobody: it is a built-in profile to start from.",
		);
		expect(statements.some(({ topic }) => topic === "Valid")).toBe(false);
	});

	test("whom it is encrypted to and which archive erases is told key by key", () => {
		const [first = "", second = ""] = testEvidence.recipients;
		expect(says(bpol, "Encrypted to")).toContain(`nobody else: ${first}, ${second}.`);
		expect(says(bpol, "Erased")).toContain(`one of these: ${testEvidence.archives[0]}.`);
		const nothing = { ...bpol, evidence: { ...testEvidence, archives: [] } };
		expect(says(nothing, "Erased")).toBe("Nothing is: no archive is named whose receipt a camera takes.");
	});

	test("languages are in the order of the policy", () => {
		const policy = { ...bpol, announcement: { ...bpol.announcement, languages: ["en", "de"] as const } };
		expect(says(policy, "Announcement")).toContain("spoken in English, German at 100 % volume");
	});
});

test("plain text has a block a section, with the topics aligned", () => {
	const text = renderPolicyText(bpol);
	expect(text).toContain("Retention\n  Retention  Deleted after 30 days unless needed; class de-bpol-27a.");
	expect(text.split("\n\n")).toHaveLength(10);
});

test("Markdown has a table a section, with the fields", () => {
	const markdown = renderPolicyMarkdown({ ...bpol, title: "A | B" });
	expect(markdown).toMatch(/^# A \| B\n\n## Document\n\n\| \| \| field \|\n/);
	expect(markdown).toContain("| Policy | A \\| B (de-bpol), version 3. | `name, title, version` |");
	expect(markdown.match(/^## /gm)).toHaveLength(10);
});
