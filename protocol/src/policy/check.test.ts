import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatRecipient } from "../age/keys.ts";
import { decodeLeadingMap, encodeCbor } from "../cbor/codec.ts";
import type { Schema } from "../schema/schema.ts";
import { testEvidence, testIdentities } from "../testing/policy-evidence.ts";
import { checkPolicy } from "./check.ts";
import type { Policy } from "./document.ts";
import { policyFields } from "./fields.ts";
import { PolicyError } from "./problem.ts";
import { issueProfile } from "./profile.ts";
import { deBpol } from "./profiles/de-bpol.ts";
import { deNw } from "./profiles/de-nw.ts";
import { demo } from "./profiles/demo.ts";

const issue = {
	agency: "Ordnungsamt",
	version: 1,
	notBefore: 0,
	expires: 1_900_000_000_000,
	evidence: testEvidence,
};
const good = issueProfile(deBpol, issue);

const [first = "", second = ""] = testEvidence.recipients;
const [archive = ""] = testEvidence.archives;

/** A copy of a policy with one member replaced, or taken out when it is undefined. */
function having(path: string, value: unknown, policy: Policy = good): unknown {
	const copy = structuredClone(policy) as Record<string, unknown>;
	const keys = path.split(".");
	const last = keys.pop() ?? "";
	const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, copy);
	if (value === undefined) delete parent[last];
	else parent[last] = value;
	return copy;
}

function problemsOf(value: unknown): string[] {
	return checkPolicy(value).problems.map(({ field, says }) => `${field} ${says}`);
}

/** Paths of all members, maps included. */
const paths = [...new Set([...policyFields().keys()].flatMap((path) => withParents(path)))];
const optionalPaths = new Set(["issuer.contact"]);

function withParents(path: string): string[] {
	const keys = path.split(".");
	return keys.map((_, index) => keys.slice(0, index + 1).join("."));
}

function outOfRange(schema: Schema): unknown[] {
	switch (schema.kind) {
		case "text":
			return ["x".repeat(schema.max + 1)];
		case "integer":
			return [schema.max + 1, schema.min - 1, schema.min + 0.5];
		case "choice":
			return ["something else"];
		case "array":
			return [Array.from({ length: schema.max + 1 }, () => "de")];
		default:
			return [];
	}
}

describe("a policy is refused with its field named", () => {
	test.each(paths.filter((path) => !optionalPaths.has(path)))("when %s is missing", (path) => {
		expect(problemsOf(having(path, undefined))).toContainEqual(
			expect.stringMatching(new RegExp(`^${path}(\\.| is missing)`)),
		);
	});

	test.each(paths)("when %s is of the wrong type", (path) => {
		for (const wrong of [null, Symbol.iterator, () => 1])
			expect(problemsOf(having(path, wrong, structuredClone(good)))[0]).toMatch(
				new RegExp(`^${path}\\S* has to be`),
			);
		expect(problemsOf(having(path, { wrong: 1 }))[0]).toMatch(new RegExp(`^${path}`));
	});

	test.each([...policyFields()].filter(([, schema]) => outOfRange(schema).length > 0))(
		"when %s is out of range",
		(path, schema) => {
			for (const value of outOfRange(schema))
				expect(problemsOf(having(path, value))[0]).toMatch(new RegExp(`^${path}.* (has to be|is 2, newer)`));
		},
	);

	test.each([
		[
			"a member nobody knows",
			having("preRecording.maximum", 5),
			"preRecording.maximum is a field that is not",
		],
		["a document of a later form", { ...good, format: 2, new: true }, "format is 2, newer than the 1"],
		["an empty map", {}, "format is missing"],
		["no map", [1], " has to be a map"],
		["nothing", undefined, " is missing"],
	])("%s", (_what, value, problem) => {
		expect(problemsOf(value)[0]).toContain(problem);
	});

	test("with the problems of every section at once", () => {
		const value = { ...good, retention: { class: "x" }, covert: "no", stop: undefined };
		expect(problemsOf(value).map((problem) => problem.split(" ")[0])).toEqual([
			"covert",
			"stop",
			"retention.days",
		]);
	});
});

describe("a contradiction is refused with its field named", () => {
	const nw = issueProfile(deNw, issue);
	const contradictions: readonly (readonly [string, unknown, string])[] = [
		["locked off and always on", having("preRecording.mode", "always", nw), "preRecording.mode"],
		["locked off and armed by hand", having("preRecording.mode", "manual", nw), "preRecording.mode"],
		["locked while seconds are granted", having("preRecording.locked", true), "preRecording.mode"],
		["off with a maximum", having("preRecording.maximumMs", 1000, nw), "preRecording.maximumMs"],
		["off with a default", having("preRecording.defaultMs", 1000, nw), "preRecording.defaultMs"],
		["off with sound", having("preRecording.sound", true, nw), "preRecording.sound"],
		["on without a maximum", having("preRecording.maximumMs", 0), "preRecording.maximumMs"],
		["on without a default", having("preRecording.defaultMs", 0), "preRecording.defaultMs"],
		["a default above the maximum", having("preRecording.defaultMs", 30_001), "preRecording.defaultMs"],
		[
			"an announcement without a channel",
			having("announcement", {
				...good.announcement,
				spoken: false,
				tone: false,
				light: false,
				display: false,
			}),
			"announcement",
		],
		["spoken in no language", having("announcement.languages", []), "announcement.languages"],
		["a language twice", having("announcement.languages", ["de", "de"]), "announcement.languages"],
		[
			"a draft nobody signed off",
			having("announcement.languages", ["de", "tr"]),
			"announcement.languages[1]",
		],
		[
			"announced before by light alone",
			having("announcement", { ...good.announcement, spoken: false, when: "before" }),
			"announcement.when",
		],
		[
			"repeated without a sound",
			having("announcement", { ...good.announcement, spoken: false, repeatMs: 60_000 }),
			"announcement.repeatMs",
		],
		["repeated without a pause", having("announcement.repeatMs", 9_999), "announcement.repeatMs"],
		[
			"an exception without a reason",
			having("announcement.imminentDanger.reasonRequired", false),
			"announcement.imminentDanger.reasonRequired",
		],
		["an exception without reason codes", having("reasonCodes", []), "reasonCodes"],
		[
			"an exception that no reason code is for",
			having("reasonCodes", [{ code: "a", label: "A", imminentDanger: false }]),
			"reasonCodes",
		],
		[
			"a reason code twice",
			having("reasonCodes", [...good.reasonCodes, ...good.reasonCodes.slice(0, 1)]),
			"reasonCodes[5].code",
		],
		[
			"a reason code of other letters",
			having("reasonCodes", [{ code: "Gefahr!", label: "A", imminentDanger: true }]),
			"reasonCodes[0].code",
		],
		[
			"a warning nobody sees",
			having("warning", { ...good.warning, spoken: false, light: false, display: false }),
			"warning",
		],
		[
			"a warning in place of recording where there is none",
			{
				...good,
				warning: { ...good.warning, allowed: false },
				whenClockUnset: "warning",
			},
			"whenClockUnset",
		],
		["reminders without a cue", having("stop.reminderCues", []), "stop.reminderCues"],
		["asked without a pause", having("stop.stillNeededMs", 1), "stop.stillNeededMs"],
		[
			"a hold as short as a double press",
			having("gestures", { doublePressMs: 1500, holdMs: 1500, debounceMs: 15 }),
			"gestures.holdMs",
		],
		["checked out by nobody", having("wearer.assignmentRequired", false), "wearer.checkOutRequired"],
		["covert recording", having("covert", true), "covert"],
		["over before it begins", having("expires", 0), "expires"],
		[
			"a jurisdiction without a legal basis",
			having("jurisdiction.legalBasis", []),
			"jurisdiction.legalBasis",
		],
		["an empty agency", having("issuer.agency", ""), "issuer.agency"],
		["a state's law with one recipient", having("evidence.recipients", [first]), "evidence.recipients"],
		["nobody to encrypt to", having("evidence.recipients", []), "evidence.recipients"],
		["a recipient twice", having("evidence.recipients", [first, second, first]), "evidence.recipients[2]"],
		[
			"a recipient with a typing error",
			having("evidence.recipients", [first, second.replace(/.$/, (last) => (last === "q" ? "p" : "q"))]),
			"evidence.recipients[1]",
		],
		[
			"a private key among the recipients",
			having("evidence.recipients", [first, testIdentities[1]?.slice(0, 62)]),
			"evidence.recipients[1]",
		],
		[
			"a recipient whose secrets everybody knows",
			having("evidence.recipients", [first, formatRecipient(new Uint8Array(32))]),
			"evidence.recipients[1]",
		],
		["an archive in capitals", having("evidence.archives", [archive.toUpperCase()]), "evidence.archives[0]"],
		["half an archive", having("evidence.archives", [archive.slice(32)]), "evidence.archives[0]"],
		["an archive twice", having("evidence.archives", [archive, archive]), "evidence.archives[1]"],
		[
			"an archive for which anybody can sign",
			having("evidence.archives", [`01${"00".repeat(31)}`]),
			"evidence.archives[0]",
		],
		["an empty retention class", having("retention.class", ""), "retention.class"],
		["a name of other letters", having("name", "My Policy"), "name"],
	];
	test.each(contradictions)("%s", (_what, value, field) => {
		expect(checkPolicy(value).problems.map((problem) => problem.field)).toContain(field);
	});
});

test("a demonstration takes one recipient and no archive", () => {
	const evidence = { recipients: [first], archives: [] };
	expect(checkPolicy({ ...issueProfile(demo, issue), evidence }).problems).toEqual([]);
});

test("drafts the agency signed off are taken", () => {
	const value = having("announcement", {
		...good.announcement,
		languages: ["de", "tr"],
		signedOff: ["tr"],
	});
	expect(checkPolicy(value).problems).toEqual([]);
});

test("a policy survives CBOR, read the way a peer's message is read", () => {
	for (const profile of [demo, deNw, deBpol]) {
		const policy = issueProfile(profile, issue);
		expect(checkPolicy(decodeLeadingMap(encodeCbor(policy)))).toEqual({ policy, problems: [] });
	}
});

test("the error carries every problem", () => {
	const { problems } = checkPolicy({ ...good, covert: true, title: "" });
	expect(new PolicyError(problems).message).toContain(
		"title is empty; covert is true: there is no covert recording",
	);
});

test("whatever is checked, it is a policy or problems with fields, never a crash", () => {
	fc.assert(
		fc.property(fc.constantFrom(...paths), fc.anything(), (path, value) => {
			const { policy, problems } = checkPolicy(having(path, value ?? null));
			expect(policy === undefined).toBe(problems.length > 0);
		}),
		{ numRuns: 500 },
	);
});
