import { describe, expect, test } from "vitest";
import { testEvidence } from "../testing/policy-evidence.ts";
import { diffPolicies } from "./diff.ts";
import type { Policy } from "./document.ts";
import { policyFields } from "./fields.ts";
import { issueProfile } from "./profile.ts";
import { deBpol } from "./profiles/de-bpol.ts";
import { deNw } from "./profiles/de-nw.ts";
import { effectOf, STRICTNESS } from "./strictness.ts";

const issue = { agency: "A", version: 1, notBefore: 0, expires: 1, evidence: testEvidence };
const policy = issueProfile(deBpol, issue);

test("every field of the document has a strictness, and nothing else has", () => {
	expect(Object.keys(STRICTNESS)).toEqual([...policyFields().keys()]);
});

test("a policy does not differ from itself", () => {
	expect(diffPolicies(policy, structuredClone(policy))).toEqual([]);
});

test("each changed field is named with its values and what the change means", () => {
	const after: Policy = {
		...policy,
		version: 2,
		retention: { ...policy.retention, days: 31 },
		preRecording: { ...policy.preRecording, maximumMs: 20_000, defaultMs: 20_000 },
	};
	expect(diffPolicies(policy, after)).toEqual([
		{ field: "version", before: 1, after: 2, effect: "changed" },
		{ field: "preRecording.maximumMs", before: 30_000, after: 20_000, effect: "tighter" },
		{ field: "preRecording.defaultMs", before: 30_000, after: 20_000, effect: "tighter" },
		{ field: "retention.days", before: 30, after: 31, effect: "looser" },
	]);
});

test("between a profile and a policy made from it there is no difference", () => {
	expect(diffPolicies(deBpol, policy)).toEqual([]);
});

test("a member that comes or goes is a change", () => {
	const after = { ...policy, issuer: { ...policy.issuer, contact: "dpo@example.org" } };
	expect(diffPolicies(policy, after)).toEqual([
		{ field: "issuer.contact", before: undefined, after: "dpo@example.org", effect: "changed" },
	]);
});

test("from the Federal Police to North Rhine-Westphalia pre-recording is only tightened", () => {
	const differences = diffPolicies(policy, issueProfile(deNw, issue));
	const found = differences.filter(({ field }) => field.startsWith("preRecording."));
	expect(found.map(({ effect }) => effect)).toEqual(["tighter", "tighter", "tighter", "tighter"]);
});

describe("the effect of a change", () => {
	test.each([
		["preRecording.mode", "always", "manual", "tighter"],
		["preRecording.mode", "off", "manual", "looser"],
		["preRecording.locked", true, false, "looser"],
		["announcement.repeatMs", 0, 60_000, "tighter"],
		["announcement.repeatMs", 60_000, 0, "looser"],
		["announcement.languages", ["de"], ["de", "en"], "tighter"],
		["announcement.languages", ["de", "en"], ["en"], "looser"],
		["announcement.languages", ["de", "en"], ["en", "de"], "changed"],
		["announcement.when", "with-start", "before", "tighter"],
		["reserve.lowBatteryMinutes", 15, 20, "tighter"],
		["consent.onRefusal", "mute", "stop", "tighter"],
		["whenClockUnset", "recording", "everything", "looser"],
		["whenClockUnset", "recording", "nothing", "tighter"],
		["title", "a", "b", "changed"],
	] as const)("%s from %j to %j is %s", (field, before, after, effect) => {
		expect(effectOf(field, before, after)).toBe(effect);
	});
});
