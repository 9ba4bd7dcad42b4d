import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concatenate } from "@bodycam/protocol/cose/head";
import type { CustodyBody } from "@bodycam/protocol/custody/entry";
import { buildAgeFile, segmentsOf, testRecipients } from "@bodycam/protocol/testing/age-builder";
import {
	buildRecord,
	lateReason,
	TEST_AGE,
	testCertificates,
	testCheckpoint,
	testHeader,
	testKeys,
	wholeRecording,
} from "@bodycam/protocol/testing/custody-builder";
import { TAMPER } from "@bodycam/protocol/testing/custody-tampering";
import { testSigner } from "@bodycam/protocol/testing/node-crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostCrypto } from "../agency/host-crypto.ts";
import { buildSeries, writeEvidence } from "../testing/evidence-files.ts";
import { runInProcess } from "./testing/in-process.ts";

const ROOT = Buffer.from(testKeys.root.publicKey).toString("hex");
const whole = buildRecord(wholeRecording());

let directory = "";
beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "evidence-verify-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Shown {
	readonly passed: boolean;
	readonly anchored: boolean;
	readonly recordings: readonly {
		readonly report: {
			readonly verdict: string;
			readonly findings: readonly { readonly severity: string; readonly code: string }[];
		};
	}[];
	readonly continuity: readonly { readonly findings: readonly { readonly code: string }[] }[];
}

async function verify(...args: string[]) {
	const { stdout, failure } = await runInProcess("evidence", "verify", "--json", ...args);
	return { shown: JSON.parse(stdout === "" ? "null" : stdout) as Shown, failure };
}

/** Verdict and failures of the only recording. */
function found({
	recordings,
}: Shown): [verdict: string | undefined, failures: Set<string>, notes: Set<string>] {
	const { verdict, findings = [] } = recordings[0]?.report ?? {};
	const of = (severity: string) =>
		new Set(findings.filter((one) => one.severity === severity).map(({ code }) => code));
	return [verdict, of("failure"), of("note")];
}

describe("a recording as a camera leaves it", () => {
	test("passes, by either of its files or their directory", async () => {
		const files = writeEvidence(directory, "whole", whole);
		for (const path of [files.age, files.record]) {
			const { shown, failure } = await verify(path, "--root", ROOT);
			expect(failure).toBeUndefined();
			expect(shown).toMatchObject({ passed: true, anchored: true });
			expect(found(shown)).toEqual(["complete", new Set(), new Set()]);
		}
		const alone = mkdtempSync(join(directory, "directory-"));
		writeEvidence(alone, "whole", whole);
		expect((await verify(alone, "--root", ROOT)).shown.recordings).toHaveLength(1);
	});

	test("is told to people with number, camera, agency and verdict", async () => {
		const files = writeEvidence(directory, "told", whole);
		const { stdout } = await runInProcess("evidence", "verify", files.age, "--root", ROOT);
		expect(stdout).toContain("recording 1 of camera 0badcafe of Ordnungsamt");
		expect(stdout).toContain("complete: nothing was changed and nothing is missing");
		expect(stdout).toContain(Buffer.from(whole.hash).toString("hex"));
	});

	test("with a reason that was given afterwards passes, and the reason is told", async () => {
		const files = writeEvidence(
			directory,
			"explained",
			buildRecord([...wholeRecording(), lateReason("threat")]),
		);
		const { shown, failure } = await verify(files.age, "--root", ROOT);
		expect(failure).toBeUndefined();
		expect(shown.recordings[0]?.report).toMatchObject({ verdict: "complete", reason: "threat" });
		const { stdout } = await runInProcess("evidence", "verify", files.age, "--root", ROOT);
		expect(stdout).toMatch(/^ {2}reason threat$/m);
		expect(stdout).toContain(`final hash ${Buffer.from(whole.hash).toString("hex")}`);
	});

	test("of which a part was changed is told with how much is as it was", async () => {
		const changed = TEST_AGE.slice();
		changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
		const files = writeEvidence(directory, "part-changed", whole, changed);
		const { stdout } = await runInProcess("evidence", "verify", files.age, "--root", ROOT);
		expect(stdout).toContain("4 segments, 3 of them as they were signed;");
	});

	test("that is encrypted to one key is told so", async () => {
		const [one = new Uint8Array()] = testRecipients;
		const record = buildRecord([testHeader({ recipients: [one] }), ...wholeRecording().slice(1)]);
		const age = buildAgeFile({ recipients: [one] });
		const asRecorded = writeEvidence(directory, "one-key", record, age);
		const { stdout } = await runInProcess("evidence", "verify", asRecorded.age, "--root", ROOT);
		expect(stdout).toMatch(/; encrypted to 1 key$/m);
		const another = writeEvidence(directory, "one-key-less", whole, age);
		const { failure } = await verify(another.age, "--root", ROOT);
		expect(failure?.message).toContain("the age file is encrypted to 1 key, and the record names 2");
	});

	test("does not pass without the agency, and the reason is said", async () => {
		const files = writeEvidence(directory, "unanchored", whole);
		const { shown, failure } = await verify(files.age);
		expect(shown).toMatchObject({ passed: false, anchored: false });
		expect(found(shown)).toEqual(["complete", new Set(), new Set(["unanchored"])]);
		expect(failure).toMatchObject({ exitCode: 6, message: expect.stringContaining("whose cameras") });
	});

	test("whose camera was cut off, and has signed what is whole, is interrupted and passes", async () => {
		const { offset } = testCheckpoint(2) as { offset: number };
		const recovery: CustodyBody = {
			type: "recovery",
			monotonicMs: 12,
			segments: 2,
			bytes: offset,
			cutBytes: 900,
			cutRecordBytes: 0,
			lostMs: 1000,
			reason: "power-on",
		};
		const record = buildRecord([...wholeRecording().slice(0, 4), recovery]);
		const files = writeEvidence(directory, "interrupted", record, TEST_AGE.subarray(0, offset));
		const { shown, failure } = await verify(files.age, "--root", ROOT);
		expect(failure).toBeUndefined();
		expect(found(shown)).toEqual(["interrupted", new Set(), new Set(["interrupted"])]);
	});

	test("that is deleted leaves a record that can be checked alone", async () => {
		const files = writeEvidence(directory, "deleted", whole);
		rmSync(files.age);
		const { shown } = await verify(files.record, "--root", ROOT, "--record-only");
		expect(shown.passed).toBe(true);
		expect(found(shown)).toEqual(["complete", new Set(), new Set(["unread"])]);
		const { stdout } = await runInProcess(
			"evidence",
			"verify",
			files.record,
			"--root",
			ROOT,
			"--record-only",
		);
		expect(stdout).toContain("4 segments, none of them compared;");
		expect(stdout).toContain("complete: this is about its record alone; the recording was not looked at");
		expect(stdout).not.toContain("nothing was changed");
	});
});

describe("what was tampered with is broken, with exit code 6", () => {
	test.each(TAMPER)("$what", async ({ record, file, against, failures }) => {
		const files = writeEvidence(directory, "tampered", record, file);
		// Without its certificates another camera's key can only be told from its agency.
		const root = against.anchor ?? testSigner(8).publicKey;
		const { shown, failure } = await verify(files.record, "--root", Buffer.from(root).toString("hex"));
		const [verdict, codes] = found(shown);
		expect(verdict).toBe("broken");
		expect(failure).toMatchObject({ code: "verification", exitCode: 6 });
		const expected = against.key === undefined ? failures : ["certificate"];
		for (const code of expected) expect(codes).toContain(code);
		// In the header of the age file a bit can hit a recipient too.
		codes.delete("recipients");
		expect([...codes].filter((code) => !expected.includes(code as never))).toEqual([]);
	});

	test("a recipient of the age file that the record does not name", async () => {
		const recipients = [...testRecipients, hostKey(3)];
		const age = buildAgeFile({ recipients });
		const segments = segmentsOf(age, recipients.length);
		const bodies = wholeRecording();
		let offset = 0;
		let index = 0;
		const described = bodies.map((body) => {
			if (body.type === "final") return { ...body, bytes: age.length };
			if (body.type !== "checkpoint") return body;
			const segment = segments[index++] as Uint8Array;
			const at = offset;
			offset += segment.length;
			return { ...body, offset: at, bytes: segment.length, sha256: hostCrypto.sha256(segment) };
		});
		const files = writeEvidence(directory, "one-more", buildRecord(described), age);
		const { shown } = await verify(files.age, "--root", ROOT);
		expect(found(shown)).toEqual(["broken", new Set(["recipients"]), new Set()]);
	});

	test("a missing custody record", async () => {
		const files = writeEvidence(directory, "without-record", whole);
		rmSync(files.record);
		const { shown, failure } = await verify(files.age, "--root", ROOT);
		expect(found(shown)[0]).toBe("broken");
		expect(failure?.message).toContain("without-record.custody.cbor is missing");
	});

	test("a missing age file", async () => {
		const files = writeEvidence(directory, "without-age", whole);
		rmSync(files.age);
		const { failure } = await verify(files.record, "--root", ROOT);
		expect(failure).toMatchObject({ exitCode: 6, message: expect.stringContaining("is missing") });
	});

	test.each([
		["a letter", "Dear Sir or Madam\n".repeat(50)],
		["an MP4", "\0\0\0\x18ftypisom"],
		["nothing", ""],
	])("an age file that is %s", async (_what, text) => {
		const files = writeEvidence(directory, "no-age", whole, Buffer.from(text));
		const { shown, failure } = await verify(files.age, "--root", ROOT);
		expect(found(shown)[1]).toContain("ciphertext");
		expect(failure).toMatchObject({
			exitCode: 6,
			message: expect.stringContaining("no header of an age file"),
		});
	});
});

describe("a recording without its end", () => {
	test.each([
		["cut back before its final item", 0],
		["torn within it", 20],
	])("%s is incomplete, with exit code 6", async (_how, torn) => {
		const items = whole.items.slice(0, -1);
		const last = whole.items.at(-1)?.subarray(0, torn) ?? new Uint8Array();
		const files = writeEvidence(directory, "cut-back", concatenate(...items, last));
		const { shown, failure } = await verify(files.age, "--root", ROOT);
		expect(found(shown)[0]).toBe("incomplete");
		expect(failure).toMatchObject({ exitCode: 6, message: expect.stringContaining("is incomplete") });
	});
});

describe("recordings of one camera", () => {
	test("that follow one another pass, in whatever order they are given", async () => {
		const folder = mkdtempSync(join(directory, "series-"));
		const paths = buildSeries(3).map((record, index) => writeEvidence(folder, `r${index}`, record).age);
		const { shown } = await verify(...paths.reverse(), "--root", ROOT);
		expect(shown.passed).toBe(true);
		expect(shown.continuity.map(({ findings }) => findings)).toEqual([[], []]);
	});

	test("with one missing between them do not pass, unless they are a selection", async () => {
		const folder = mkdtempSync(join(directory, "gap-"));
		const [first, , third] = buildSeries(3);
		const paths = [first, third].map((record, at) => writeEvidence(folder, `r${at}`, record as never).age);
		const { failure } = await verify(...paths, "--root", ROOT);
		expect(failure).toMatchObject({
			exitCode: 6,
			message: "the recordings do not follow one another: recording 2 is missing",
		});
		const { shown } = await verify(...paths, "--root", ROOT, "--selection");
		expect(shown.passed).toBe(true);
		expect(shown.continuity[0]?.findings[0]?.code).toBe("missing");
	});

	test.each([
		["one replaced by another", () => [buildSeries(1, { preRecordMs: 1 })[0], buildSeries(2)[1]]],
		["a number that was there before", () => [buildSeries(2)[1], buildSeries(2, { preRecordMs: 1 })[1]]],
	])("with %s do not pass", async (_what, build) => {
		const folder = mkdtempSync(join(directory, "replaced-"));
		const paths = build().map((record, at) => writeEvidence(folder, `r${at}`, record as never).age);
		const { shown, failure } = await verify(...paths, "--root", ROOT, "--selection");
		expect(failure?.exitCode).toBe(6);
		expect(shown.continuity[0]?.findings.map(({ code }) => code)).toEqual(["neighbour"]);
	});

	test("with one of them given twice, as two copies, are a mistake with exit code 2", async () => {
		const folder = mkdtempSync(join(directory, "twice-"));
		const [first, second] = buildSeries(2);
		const paths = [first, second, first].map(
			(record, at) => writeEvidence(folder, `r${at}`, record as never).age,
		);
		const { shown, failure } = await verify(...paths, "--root", ROOT);
		expect(failure).toMatchObject({
			code: "usage",
			exitCode: 2,
			message: `recording 1 of camera 0badcafe is given twice: ${join(folder, "r0")} and ${join(folder, "r2")}`,
		});
		expect(shown).toMatchObject({ passed: false, continuity: [{ between: [1, 2], findings: [] }] });
	});

	test("with one of them given twice, before and after its reason was given, name the copy with the reason", async () => {
		const folder = mkdtempSync(join(directory, "longer-"));
		const records = [whole, buildRecord([...wholeRecording(), lateReason()])];
		const paths = records.map((record, at) => writeEvidence(folder, `r${at}`, record).age);
		const { failure } = await verify(...paths, "--root", ROOT);
		expect(failure).toMatchObject({ code: "usage", hint: expect.stringContaining(join(folder, "r1")) });
	});

	test("with one of them given twice, of which one copy was changed, do not pass", async () => {
		const folder = mkdtempSync(join(directory, "changed-copy-"));
		const changed = TEST_AGE.slice();
		changed[70_000] = (changed[70_000] ?? 0) ^ 1;
		const paths = [TEST_AGE, changed].map((age, at) => writeEvidence(folder, `r${at}`, whole, age).age);
		const { failure } = await verify(...paths, "--root", ROOT);
		expect(failure).toMatchObject({ exitCode: 6, message: expect.stringContaining("r1 is broken") });
	});

	test("with two different ones of a number do not pass, and that is said", async () => {
		const folder = mkdtempSync(join(directory, "one-number-"));
		const records = [...buildSeries(1), ...buildSeries(1, { preRecordMs: 1 })];
		const paths = records.map((record, at) => writeEvidence(folder, `r${at}`, record).age);
		const { failure } = await verify(...paths, "--root", ROOT);
		expect(failure).toMatchObject({
			exitCode: 6,
			message: expect.stringContaining("there are two different recordings 1 of this camera"),
		});
		expect(failure?.hint).not.toContain("missing");
	});

	test("of two cameras are not compared", async () => {
		const folder = mkdtempSync(join(directory, "cameras-"));
		const certificates = testCertificates({ serial: "another" });
		const header = testHeader({ device: "another", certificates, recording: 7 });
		const other = buildRecord([header, ...wholeRecording().slice(1)]);
		const paths = [whole, other].map((record, at) => writeEvidence(folder, `r${at}`, record).age);
		expect((await verify(...paths, "--root", ROOT)).shown).toMatchObject({ passed: true, continuity: [] });
	});
});

describe("a mistake is named, with exit code 2", () => {
	test.each([
		["a file that is not there", () => ["missing.mp4.age"], "there is no file missing.mp4.age"],
		["a file of another name", () => [write("letter.txt")], "named like neither file"],
		["an empty directory", () => [mkdtempSync(join(directory, "empty-"))], "there is no recording in"],
		["both an agency and a root key", () => [own(), "--root", ROOT, "--agency", directory], "given twice"],
		["a directory that is no agency", () => [own(), "--agency", directory], "there is no agency"],
		["a root key that is none", () => [own(), "--root", "abc"], "there is no such file"],
	])("%s", async (_what, args, message) => {
		const { failure } = await verify(...args());
		expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining(message) });
	});

	function write(name: string): string {
		writeFileSync(join(directory, name), "Dear Sir or Madam");
		return join(directory, name);
	}

	const own = () => writeEvidence(directory, "own", whole).age;
});

/** Another X25519 public key. */
function hostKey(seed: number): Uint8Array {
	return new Uint8Array(32).fill(seed);
}
