import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testEvidence, testIdentities } from "@bodycam/protocol/testing/policy-evidence";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { createAgency, openAgency } from "./agency-directory.ts";
import {
	ARCHIVES_FILE,
	addRecipient,
	KeyListError,
	RECIPIENTS_FILE,
	readEvidenceKeys,
	recipientArgument,
} from "./evidence-keys.ts";

const [first = "", second = ""] = testEvidence.recipients;
const [identity = ""] = testIdentities;
let directory: string;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-keys-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("the lists of keys", () => {
	test("hold a key a line; comments, empty lines and the ends of other systems' lines are no keys", () => {
		writeFileSync(join(directory, RECIPIENTS_FILE), `# daily work\r\n${first}\r\n\r\n  ${second}  \n`);
		writeFileSync(join(directory, ARCHIVES_FILE), `${testEvidence.archives[0]}\n`);
		expect(readEvidenceKeys(directory)).toEqual(testEvidence);
	});

	test("that are not there name nobody", () => {
		expect(readEvidenceKeys(directory)).toEqual({ recipients: [], archives: [] });
	});

	test.each([
		["a private key", RECIPIENTS_FILE, `${identity}\n`],
		["a recipient with a typing error", RECIPIENTS_FILE, `${first}\n${second.slice(0, -1)}\n`],
		["an archive in capitals", ARCHIVES_FILE, `${"AB".repeat(32)}\n`],
		["much more than keys", RECIPIENTS_FILE, "# x\n".repeat(20_000)],
	])("with %s are refused, and the line is not repeated", (_what, file, text) => {
		writeFileSync(join(directory, file), text);
		expect(() => readEvidenceKeys(directory)).toThrow(KeyListError);
		expect(() => readEvidenceKeys(directory)).not.toThrow(identity);
	});
});

describe("a recipient", () => {
	test("is added once, and the agency names it from then on", () => {
		const path = join(directory, "agency");
		createAgency(path, { now: Date.now(), recipients: [first] });
		expect(addRecipient(path, second, "escrow")).toEqual([first, second]);
		expect(addRecipient(path, second, "escrow")).toEqual([first, second]);
		expect(openAgency(path).evidence.recipients).toEqual([first, second]);
		expect(readFileSync(join(path, RECIPIENTS_FILE), "utf8")).toContain(`# escrow\n${second}\n`);
		expect(statSync(join(path, RECIPIENTS_FILE)).mode & 0o777).toBe(0o600);
	});

	test("is added behind a list without an end of line, and its note stays a comment", () => {
		writeFileSync(join(directory, RECIPIENTS_FILE), first);
		expect(addRecipient(directory, second, `escrow\n${first}x`)).toEqual([first, second]);
		expect(readEvidenceKeys(directory).recipients).toEqual([first, second]);
	});

	test("that was typed is one, and a private key is not repeated", () => {
		expect(recipientArgument(first)).toBe(first);
		for (const text of ["", "age1", first.slice(0, -1), identity]) {
			expect(() => recipientArgument(text)).toThrow(UsageError);
			if (text.length > 4) expect(() => recipientArgument(text)).not.toThrow(text);
		}
	});
});
