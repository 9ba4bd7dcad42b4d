import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { encodeSign1 } from "@bodycam/protocol/cose/sign1";
import { POLICY_CONTENT_TYPE } from "@bodycam/protocol/policy/document";
import { policyFields } from "@bodycam/protocol/policy/fields";
import { issueProfile } from "@bodycam/protocol/policy/profile";
import { deBw } from "@bodycam/protocol/policy/profiles/de-bw";
import { toTextForm } from "@bodycam/protocol/policy/text-form";
import { testEvidence } from "@bodycam/protocol/testing/policy-evidence";
import { afterAll, describe, expect, test } from "vitest";
import { BodycamError, UsageError } from "../errors.ts";
import { loadPolicy, PolicyFileError, policyIn, readPolicyFile } from "./policy-file.ts";
import { findRules } from "./policy-source.ts";

const directory = mkdtempSync(join(tmpdir(), "bodycam-policy-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const issued = {
	agency: "A",
	version: 1,
	notBefore: 0,
	expires: Date.UTC(2030, 0, 1),
	evidence: testEvidence,
};
const policy = issueProfile(deBw, issued);

function file(content: unknown, name = "policy.json"): string {
	const path = join(directory, name);
	writeFileSync(path, content instanceof Uint8Array ? content : JSON.stringify(content));
	return path;
}

/** A text form with one member changed, or taken out when it is undefined. */
function having(path: string, value: unknown): unknown {
	const form = structuredClone(toTextForm(policy));
	const keys = path.split(".");
	const last = keys.pop() ?? "";
	const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, form);
	if (value === undefined) delete parent[last];
	else parent[last] = value;
	return form;
}

test("a text and a signed document hold the same policy", async () => {
	const payload = encodeCbor(policy);
	const content = { contentType: POLICY_CONTENT_TYPE, kid: new Uint8Array(8), payload };
	const signed = encodeSign1(content, () => new Uint8Array(64));
	expect(await loadPolicy(file(toTextForm(policy)))).toEqual(policy);
	expect(await loadPolicy(file(signed, "policy.cose"))).toEqual(policy);
	expect(policyIn("x", signed)).toEqual(policy);
});

test("comments and a byte order mark are allowed", async () => {
	const text = `\ufeff${JSON.stringify({ "//": "ours", ...toTextForm(policy) })}`;
	expect(await loadPolicy(file(new TextEncoder().encode(text)))).toEqual(policy);
});

const required = [...policyFields().keys()].filter((path) => path !== "issuer.contact");

describe("a file is refused with the field named", () => {
	test.each(required)("without %s", async (path) => {
		const error = await loadPolicy(file(having(path, undefined))).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(PolicyFileError);
		expect((error as Error).message).toContain(`\n${path} is missing`);
	});

	test.each(required)("with a map in place of %s", async (path) => {
		await expect(loadPolicy(file(having(path, { no: 1 })))).rejects.toThrow(`\n${path}`);
	});
});

test.each([
	["a moment that is none", having("expires", "next year"), "expires has to be a moment like"],
	[
		"a member nobody knows",
		having("announcement.repeatMS", 1),
		"announcement.repeatMS is a field that is not known",
	],
	[
		"every problem at once",
		{ ...policy, covert: 1, stop: 2 },
		"covert has to be true or false\nstop has to be a map",
	],
	["a list", [1], "the policy has to be a map"],
])("%s is named", async (_what, content, problem) => {
	await expect(loadPolicy(file(content))).rejects.toThrow(problem);
});

describe("a file that is no policy", () => {
	test("and is not there is a mistake of the caller", async () => {
		await expect(readPolicyFile(join(directory, "none.json"))).rejects.toThrow(UsageError);
	});

	test.each([
		["is no JSON", new TextEncoder().encode("{ name:"), "neither JSON nor a signed policy"],
		["is empty", new Uint8Array(0), "is empty"],
		["is binary", Uint8Array.of(0xd2, 0x84, 0x43), "is damaged"],
		["is huge", new Uint8Array(1024 * 1024 + 1), "too large"],
	])("and %s is said so", async (_what, content, problem) => {
		await expect(loadPolicy(file(content))).rejects.toThrow(BodycamError);
		await expect(loadPolicy(file(content))).rejects.toThrow(problem);
	});

	test("and is a directory is no policy", async () => {
		await expect(loadPolicy(directory)).rejects.toThrow("EISDIR");
	});
});

test("rules are found by the name of a profile, else in a file", async () => {
	expect(await findRules("de-bw")).toBe(deBw);
	expect(await findRules(file(toTextForm(policy)))).toEqual(policy);
	await expect(findRules("de-xx")).rejects.toThrow("de-xx: there is no such file");
});

describe("a text that only people can write is refused with its field named", () => {
	test.each([
		["title", "\u001b[2J", "title has a control character at position 0"],
		["counsel.note", "a\u0085", "counsel.note has a control character at position 1"],
		["sources", ["", "a\rb"], "sources[1] has a control character at position 1"],
		["issuer.agency", "x\ud800", "issuer.agency has half a character at position 1"],
		["title", "\udc00", "title has half a character at position 0"],
		[
			"expires",
			"2027-02-31",
			"expires has to be a moment like 2026-03-01T00:00:00Z, or a day like 2026-03-01",
		],
	])("%s: %j", async (path, value, says) => {
		await expect(loadPolicy(file(having(path, value)))).rejects.toThrow(says);
	});

	test("but not one of several lines, with any letters", async () => {
		const note = "§ 1 😀\nçalışma 文";
		expect((await loadPolicy(file(having("counsel.note", note)))).counsel.note).toBe(note);
	});
});
