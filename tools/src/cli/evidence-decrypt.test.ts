import { spawnSync } from "node:child_process";
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHUNK_BYTES } from "@bodycam/protocol/age/stream";
import type { CustodyBody } from "@bodycam/protocol/custody/entry";
import { buildAgeFile, TEST_PLAINTEXT, testIdentities } from "@bodycam/protocol/testing/age-builder";
import {
	buildRecord,
	TEST_AGE,
	testCheckpoint,
	testKeys,
	wholeRecording,
} from "@bodycam/protocol/testing/custody-builder";
import { flipped } from "@bodycam/protocol/testing/custody-tampering";
import { hasTools } from "@bodycam/protocol/testing/public-tools";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createAgency } from "../agency/agency-directory.ts";
import type { EvidencePair } from "../evidence/evidence-pair.ts";
import { newIdentity, writeIdentityFile } from "../evidence/identity-file.ts";
import { writeEvidence } from "../testing/evidence-files.ts";
import { bodycam } from "./testing/command-line.ts";
import { runInProcess } from "./testing/in-process.ts";

const ROOT = Buffer.from(testKeys.root.publicKey).toString("hex");
const NOW = 1_790_000_000_000;
const whole = buildRecord(wholeRecording());
const offset = (testCheckpoint(2) as { offset: number }).offset;
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

let keys = "";
let identity = "";
let directory = "";
let out = "";
beforeAll(() => {
	keys = mkdtempSync(join(tmpdir(), "evidence-keys-"));
	identity = join(keys, "escrow.txt");
	writeIdentityFile(identity, testIdentities[1], { now: NOW });
});
beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "evidence-decrypt-"));
	out = join(directory, "out");
	mkdirSync(out);
});
afterEach(() => {
	vi.restoreAllMocks();
	rmSync(directory, { recursive: true });
});
afterAll(() => rmSync(keys, { recursive: true }));

const decrypt = (files: EvidencePair, ...args: string[]) =>
	runInProcess("evidence", "decrypt", files.age, "-i", identity, "--root", ROOT, "--out", out, ...args);

const isPlaintext = (file: string, bytes = TEST_PLAINTEXT.length) =>
	Buffer.compare(readFileSync(join(out, file)), TEST_PLAINTEXT.subarray(0, bytes)) === 0;

describe("a recording", () => {
	test("is decrypted for its owner alone, and verified", async () => {
		const files = writeEvidence(directory, "whole", whole);
		const { failure, stdout } = await decrypt(files);
		expect(failure).toBeUndefined();
		expect(stdout).toContain("complete: nothing was changed");
		expect(isPlaintext("whole.mp4")).toBe(true);
		expect(statSync(join(out, "whole.mp4")).mode & 0o777).toBe(0o600);
		expect(readdirSync(out)).toEqual(["whole.mp4"]);
	});

	test("that was cut off gives what the camera vouches for, and passes", async () => {
		const record = buildRecord([...wholeRecording().slice(0, 4), recovery]);
		const files = writeEvidence(directory, "cut", record, TEST_AGE.subarray(0, offset));
		const { failure, stdout } = await decrypt(files, "--json");
		expect(failure).toBeUndefined();
		expect(JSON.parse(stdout)).toMatchObject({ ending: "cut", report: { verdict: "interrupted" } });
		expect(isPlaintext("cut.mp4", 2 * CHUNK_BYTES)).toBe(true);
	});

	test("without its end gives what was signed, no more, and exit code 6", async () => {
		const record = buildRecord(wholeRecording().slice(0, 4));
		const files = writeEvidence(directory, "torn", record, TEST_AGE.subarray(0, TEST_AGE.length - 20));
		const { failure } = await decrypt(files);
		expect(failure).toMatchObject({ exitCode: 6, message: expect.stringContaining("incomplete") });
		expect(isPlaintext("torn.mp4", 2 * CHUNK_BYTES)).toBe(true);
	});

	test("without a custody record is decrypted only when that is asked for", async () => {
		const files = writeEvidence(directory, "alone", whole);
		rmSync(files.record);
		const { failure } = await decrypt(files);
		expect(failure).toMatchObject({ exitCode: 6, message: expect.stringContaining("is missing") });
		expect(readdirSync(out)).toEqual([]);
		expect((await decrypt(files, "--no-record")).stdout).toContain("not verified: it has no custody record");
		expect(isPlaintext("alone.mp4")).toBe(true);
	});

	test.skipIf(!hasTools("age"))(
		"goes to standard output for another program, as the public age would give it",
		async () => {
			const files = writeEvidence(directory, "piped", whole);
			const args = ["evidence", "decrypt", files.age, "-i", identity, "--root", ROOT, "-o", "-"];
			const { code, stdout, stderr } = await bodycam(args);
			expect(code, stderr).toBe(0);
			const age = spawnSync("age", ["-d", "-i", identity, files.age], {
				encoding: "utf8",
				maxBuffer: 1 << 24,
			});
			expect(age.status).toBe(0);
			expect(stdout === age.stdout).toBe(true);
			expect(stderr).toContain("complete: nothing was changed");
		},
	);
});

describe("what was changed goes to a file that says so, with exit code 6", () => {
	const chunk3 = TEST_AGE.length - 40 - 65_552;

	test.each([
		["a chunk", () => [flipped(TEST_AGE, chunk3 + 5), whole] as const, 3 * CHUNK_BYTES],
		["its last tag", () => [flipped(TEST_AGE, TEST_AGE.length - 1), whole] as const, 4 * CHUNK_BYTES],
		["the custody record", () => [TEST_AGE, tamperedRecord()] as const, TEST_PLAINTEXT.length],
		[
			"all of it, for another video",
			() => [buildAgeFile({ seed: 9 }), whole] as const,
			TEST_PLAINTEXT.length,
		],
	])("%s", async (_what, make, bytes) => {
		const [age, record] = make();
		const { failure } = await decrypt(writeEvidence(directory, "changed", record, age));
		expect(failure).toMatchObject({ exitCode: 6, message: expect.stringContaining("is broken") });
		expect(failure?.hint).toContain("changed.unverified.mp4");
		expect(readdirSync(out)).toEqual(["changed.unverified.mp4"]);
		expect(isPlaintext("changed.unverified.mp4", bytes)).toBe(true);
	});

	test("a cut that its record does not tell of", async () => {
		const files = writeEvidence(directory, "cut", whole, TEST_AGE.subarray(0, offset));
		expect((await decrypt(files)).failure?.exitCode).toBe(6);
		expect(readdirSync(out)).toEqual(["cut.unverified.mp4"]);
	});

	test("a cut without a record", async () => {
		const files = writeEvidence(directory, "cut", whole, TEST_AGE.subarray(0, offset));
		expect((await decrypt(files, "--no-record")).failure?.exitCode).toBe(6);
	});

	test("a header", async () => {
		const files = writeEvidence(
			directory,
			"header",
			whole,
			flipped(TEST_AGE, TEST_AGE.length - 4 * 65_552 - 70),
		);
		expect((await decrypt(files)).failure?.exitCode).toBe(6);
	});

	const tamperedRecord = () =>
		flipped(Buffer.concat(whole.items), Buffer.concat(whole.items.slice(0, 3)).length - 1);
});

describe("an identity", () => {
	test("that is none of the recipients is refused", async () => {
		const files = writeEvidence(directory, "whole", whole);
		const other = join(directory, "other.txt");
		writeIdentityFile(other, newIdentity(), { now: NOW });
		const { failure } = await runInProcess("evidence", "decrypt", files.age, "-i", other, "-o", out);
		expect(failure).toMatchObject({
			exitCode: 2,
			message: expect.stringContaining("not encrypted to this key"),
		});
		expect(readdirSync(out)).toEqual([]);
	});

	test("among several is found", async () => {
		const files = writeEvidence(directory, "whole", whole);
		const other = join(directory, "other.txt");
		writeIdentityFile(other, newIdentity(), { now: NOW });
		expect((await decrypt(files, "-i", other)).failure).toBeUndefined();
	});

	test("with loose permissions is refused", async () => {
		const files = writeEvidence(directory, "whole", whole);
		const loose = join(directory, "loose.txt");
		writeFileSync(loose, readFileSync(identity));
		chmodSync(loose, 0o640);
		const { failure } = await runInProcess("evidence", "decrypt", files.age, "-i", loose, "-o", out);
		expect(failure).toMatchObject({ code: "secret-file", message: expect.stringContaining("0640") });
	});

	test("with a passphrase is opened with the one in a file", async () => {
		const files = writeEvidence(directory, "whole", whole);
		const locked = join(directory, "locked.txt");
		const secret = join(directory, "secret");
		writeFileSync(secret, "correct horse\n", { mode: 0o600 });
		const made = await runInProcess("evidence", "keygen", locked, "--passphrase-file", secret);
		expect(made.stdout).toContain("encrypted");
		rmSync(locked);
		writeIdentityFile(locked, testIdentities[0], { now: NOW, passphrase: "correct horse" });
		const options = ["-i", locked, "--passphrase-file", secret, "-o", out, "--root", ROOT];
		expect((await runInProcess("evidence", "decrypt", files.age, ...options)).failure).toBeUndefined();
	});

	test("is added to an agency, and how many recipients that has is said", async () => {
		const { path } = createAgency(join(directory, "agency-of-one"), { now: NOW });
		const keygen = async (name: string) =>
			(
				await runInProcess(
					...["evidence", "keygen", join(directory, name), "--no-passphrase", "--agency", path],
				)
			).stdout;
		expect(await keygen("first.txt")).toMatch(/: 1 recipient$/m);
		expect(await keygen("second.txt")).toMatch(/: 2 recipients$/m);
	});

	test("is not made with a passphrase that is given and declined at once", async () => {
		const file = join(directory, "both.txt");
		const secret = join(directory, "secret-for-both");
		writeFileSync(secret, "correct horse\n", { mode: 0o600 });
		const options = ["--passphrase-file", secret, "--no-passphrase"];
		const { failure } = await runInProcess("evidence", "keygen", file, ...options);
		expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining("--no-passphrase") });
		expect(existsSync(file)).toBe(false);
	});

	test("is made without a passphrase only when that is said", async () => {
		const file = join(directory, "new.txt");
		expect((await runInProcess("evidence", "keygen", file)).failure).toMatchObject({ exitCode: 2 });
		const { stdout } = await runInProcess("evidence", "keygen", file, "--no-passphrase", "--json");
		expect(JSON.parse(stdout)).toMatchObject({
			file,
			encrypted: false,
			recipient: expect.stringMatching(/^age1/),
		});
		expect(statSync(file).mode & 0o777).toBe(0o600);
	});

	test("has to be named", async () => {
		const files = writeEvidence(directory, "whole", whole);
		const { failure } = await runInProcess("evidence", "decrypt", files.age, "-o", out);
		expect(failure).toMatchObject({ exitCode: 2, hint: expect.stringContaining("--identity") });
	});
});

describe("a file", () => {
	test("that is there already is not replaced, unless that is said", async () => {
		const files = writeEvidence(directory, "whole", whole);
		writeFileSync(join(out, "whole.mp4"), "kept");
		expect((await decrypt(files)).failure).toMatchObject({ exitCode: 2 });
		expect(readFileSync(join(out, "whole.mp4"), "utf8")).toBe("kept");
		expect((await decrypt(files, "--overwrite")).failure).toBeUndefined();
		expect(isPlaintext("whole.mp4")).toBe(true);
	});

	test("for which the disk is full leaves nothing behind", async () => {
		const files = writeEvidence(directory, "whole", whole);
		const handle = await open(identity);
		const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
		vi.spyOn(Object.getPrototypeOf(handle), "writev").mockRejectedValue(full);
		await handle.close();
		expect((await decrypt(files)).failure).toMatchObject({ code: "disk-full", exitCode: 1 });
		expect(readdirSync(out)).toEqual([]);
	});

	test("that several recordings would go to is refused", async () => {
		const files = [writeEvidence(directory, "a", whole).age, writeEvidence(directory, "b", whole).age];
		const { failure } = await runInProcess("evidence", "decrypt", ...files, "-i", identity, "-o", "-");
		expect(failure).toMatchObject({ exitCode: 2, message: "- cannot take several recordings" });
	});
});
