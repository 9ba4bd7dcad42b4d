import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certifyDevice } from "@bodycam/protocol/agency/agency";
import { openReceipt } from "@bodycam/protocol/custody/receipt";
import {
	type BuiltRecord,
	buildRecord,
	TEST_AGE,
	TEST_DEVICE,
	testKeys,
	wholeRecording,
} from "@bodycam/protocol/testing/custody-builder";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AgencyDirectory, createAgency, openSigner } from "../agency/agency-directory.ts";
import { hostCrypto } from "../agency/host-crypto.ts";
import { writeEvidence } from "../testing/evidence-files.ts";
import { runInProcess } from "./testing/in-process.ts";

let directory = "";
let agency: AgencyDirectory;
/** A whole recording of a camera of the agency. */
let whole: BuiltRecord;
let count = 0;
let folder = "";

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), "evidence-receipt-"));
	agency = createAgency(join(directory, "agency"), { now: Date.UTC(2026, 0, 1) });
	const deviceSigning = await openSigner(agency, "device-signing", () => Promise.reject(new Error()));
	const { publicKey: key } = testKeys.camera;
	const validity = { notBefore: 0, notAfter: Date.UTC(2100, 0, 1) };
	const camera = { serial: TEST_DEVICE, key };
	const device = certifyDevice(agency.name, camera, validity, deviceSigning, hostCrypto);
	const certificates = { deviceSigning: agency.deviceSigning, device };
	whole = buildRecord(wholeRecording({ certificates }));
});
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(() => {
	folder = mkdtempSync(join(directory, `${++count}-`));
});

const receipt = (...args: string[]) => runInProcess("evidence", "receipt", "--agency", agency.path, ...args);

/** What a camera would make of the receipt of a recording. */
function opened(base: string) {
	const signed = new Uint8Array(readFileSync(`${base}.receipt.cose`));
	const archives = agency.evidence.archives.map((key) => new Uint8Array(Buffer.from(key, "hex")));
	return openReceipt(signed, archives, hostCrypto);
}

describe("the archive signs", () => {
	test("for a recording that it has read back whole: number, length, final hash", async () => {
		const { base, age } = writeEvidence(folder, "3", whole);
		const { stdout, failure } = await receipt(age);
		expect(failure).toBeUndefined();
		expect(stdout).toContain(`recording 1 of camera ${TEST_DEVICE}`);
		expect(opened(base)).toMatchObject({
			device: TEST_DEVICE,
			recording: 1,
			bytes: TEST_AGE.length,
			finalHash: whole.hash,
		});
	});

	test("once: a receipt that is there is left as it is", async () => {
		const { base } = writeEvidence(folder, "3", whole);
		await receipt(folder);
		const before = readFileSync(`${base}.receipt.cose`);
		const { stdout, failure } = await receipt(folder);
		expect(failure).toBeUndefined();
		expect(stdout).toContain("(was there)");
		expect(readFileSync(`${base}.receipt.cose`)).toEqual(before);
	});
});

describe("nothing is signed", () => {
	test("for a recording of which a bit was changed, and the others are", async () => {
		const good = writeEvidence(folder, "1", whole);
		const changed = TEST_AGE.slice();
		changed[70_000] = (changed[70_000] ?? 0) ^ 1;
		const bad = writeEvidence(folder, "2", whole, changed);
		const { failure } = await receipt(folder);
		expect(failure).toMatchObject({
			exitCode: 6,
			message: expect.stringContaining("1 of 2 recordings has no receipt"),
		});
		expect(opened(good.base).recording).toBe(1);
		expect(() => readFileSync(`${bad.base}.receipt.cose`)).toThrow("ENOENT");
	});

	test("for a recording without its end, of another agency, or whose other file is missing", async () => {
		const incomplete = { ...whole, items: whole.items.slice(0, -1) };
		const cases = [
			writeEvidence(folder, "incomplete", incomplete),
			writeEvidence(folder, "foreign", buildRecord(wholeRecording())),
			writeEvidence(folder, "alone", whole),
		];
		rmSync(cases[2]?.record ?? "");
		for (const { age, base } of cases) {
			const { failure } = await receipt(age);
			expect(failure, base).toMatchObject({ exitCode: 6 });
			expect(() => readFileSync(`${base}.receipt.cose`), base).toThrow("ENOENT");
		}
	});

	test("where a receipt lies that is not for it", async () => {
		const { base } = writeEvidence(folder, "3", whole);
		writeFileSync(`${base}.receipt.cose`, "something");
		expect((await receipt(folder)).failure).toMatchObject({ exitCode: 6 });
		expect(readFileSync(`${base}.receipt.cose`, "utf8")).toBe("something");
	});

	test("with a key that others can read, that is another, or without an agency", async () => {
		writeEvidence(folder, "3", whole);
		const key = join(agency.path, "archive.key");
		chmodSync(key, 0o640);
		expect((await receipt(folder)).failure).toMatchObject({ code: "secret-file" });
		chmodSync(key, 0o600);
		const before = readFileSync(key);
		writeFileSync(key, readFileSync(join(agency.path, "root.key")));
		expect((await receipt(folder)).failure).toMatchObject({
			code: "secret-file",
			message: expect.stringContaining("not the key of an archive"),
		});
		writeFileSync(key, before);
		const without = await runInProcess("evidence", "receipt", folder);
		expect(without.failure).toMatchObject({ exitCode: 2 });
	});
});
