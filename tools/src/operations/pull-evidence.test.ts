import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concatenate } from "@bodycam/protocol/cose/head";
import {
	buildRecord,
	lateReason,
	TEST_AGE,
	testKeys,
	wholeRecording,
} from "@bodycam/protocol/testing/custody-builder";
import { flipped } from "@bodycam/protocol/testing/custody-tampering";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SmpClient } from "../client/smp-client.ts";
import { ConnectionError, UsageError, VerificationError } from "../errors.ts";
import { FakeCamera } from "../testing/fake-camera.ts";
import { type LineFaults, MemoryTransport } from "../testing/memory-transport.ts";
import { type PullEvidenceEvent, type PullEvidenceOptions, pullEvidence } from "./pull-evidence.ts";

const whole = buildRecord(wholeRecording());
const record = concatenate(...whole.items);
const NAMES = ["cam-0001.custody.cbor", "cam-0001.mp4.age"];

let folder: string;
let camera: FakeCamera;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "pull-evidence-"));
	camera = new FakeCamera({ bufferSize: 4096 });
	camera.addRecording(1, TEST_AGE, { finalHash: whole.hash }, record);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function pull(faults: LineFaults = {}, options: Partial<PullEvidenceOptions> = {}) {
	const client = await SmpClient.connect(new MemoryTransport(camera.device, faults), { timeoutMs: 20 });
	const events: PullEvidenceEvent[] = [];
	const all = { number: 1, base: join(folder, "cam-0001"), anchor: testKeys.root.publicKey, ...options };
	for await (const event of pullEvidence(client, all)) events.push(event);
	const done = events.at(-1);
	if (done?.type !== "done") throw new Error("no last event");
	return { events, done };
}

const content = (name: string) => new Uint8Array(readFileSync(join(folder, name)));

test("both files are there, verified against each other, and nothing else is left", async () => {
	const { done } = await pull();
	expect((await readdir(folder)).sort()).toEqual(NAMES);
	expect(content("cam-0001.custody.cbor")).toEqual(record);
	expect(Buffer.compare(content("cam-0001.mp4.age"), TEST_AGE)).toBe(0);
	expect(done.report).toMatchObject({ verdict: "complete", agency: "Ordnungsamt", verified: 4 });
	expect(done.transferred).toBe(TEST_AGE.length + record.length);
});

test("the events tell of the record first, then of the age file", async () => {
	const { events } = await pull();
	const parts = events.flatMap((event) => (event.type === "estimate" ? [event.part] : []));
	expect(parts).toEqual(["custody", "age"]);
});

describe("after a broken connection", () => {
	test.each([
		["within the record", 8, "custody"],
		["within the age file", 50, "age"],
	] as const)("%s the next pull goes on there", async (_where, breakAfter, part) => {
		camera.readLimit = 500;
		await expect(pull({ breakAfter })).rejects.toThrow(ConnectionError);
		expect((await readdir(folder)).some((name) => NAMES.includes(name))).toBe(false);
		camera.readLimit = 4000;
		const { events, done } = await pull();
		const estimate = events.find((event) => event.type === "estimate" && event.part === part);
		expect(estimate).toMatchObject({ resumedAt: expect.toSatisfy((bytes: number) => bytes > 0) });
		expect(done.report.verdict).toBe("complete");
		expect((await readdir(folder)).sort()).toEqual(NAMES);
	});
});

test("what is there already is not fetched again, and verified", async () => {
	await pull();
	camera.reads.length = 0;
	const { done } = await pull();
	expect(done).toMatchObject({ transferred: 0, report: { verdict: "complete" } });
	expect(camera.reads).toEqual([]);
});

describe("when a reason was given since the last pull", () => {
	const explained = buildRecord([...wholeRecording(), lateReason()]);
	const longer = concatenate(...explained.items);
	const giveReason = (bytes = longer) =>
		camera.addRecording(1, TEST_AGE, { finalHash: whole.hash, reason: "threat" }, bytes);

	test("the longer custody record is fetched, and the age file is not", async () => {
		await pull();
		giveReason();
		camera.reads.length = 0;
		const { done, events } = await pull();
		expect(done).toMatchObject({ transferred: longer.length, recordOnly: true });
		expect(done.report).toMatchObject({
			verdict: "complete",
			items: explained.items.length,
			hash: whole.hash,
		});
		expect(done.metadata.reason).toBe("threat");
		expect(content("cam-0001.custody.cbor")).toEqual(longer);
		expect(camera.reads).toEqual([]);
		expect(events.some((event) => event.type === "estimate" && event.part === "age")).toBe(false);
		expect((await readdir(folder)).sort()).toEqual(NAMES);
	});

	test("and that pull had been stopped between the names of the two files, both get them", async () => {
		writeFileSync(join(folder, "cam-0001.custody.cbor"), record);
		giveReason();
		expect((await pull()).done).toMatchObject({ recordOnly: false, report: { verdict: "complete" } });
		expect(content("cam-0001.custody.cbor")).toEqual(longer);
	});

	test("and what the camera has broken, what is here is left as it is", async () => {
		await pull();
		giveReason(flipped(longer, longer.length - 1));
		const { done } = await pull();
		expect(done.report.verdict).toBe("broken");
		expect(done.files.base).toBe(join(folder, "cam-0001.unverified"));
		expect(content("cam-0001.custody.cbor")).toEqual(record);
		expect((await readdir(folder)).sort()).toEqual([
			...NAMES,
			"cam-0001.unverified.custody.cbor",
			"cam-0001.unverified.mp4.age",
		]);
	});

	test("and a record is here that does not begin like it, that is left alone", async () => {
		await pull();
		const other = flipped(record, record.length - 1);
		writeFileSync(join(folder, "cam-0001.custody.cbor"), other);
		giveReason();
		await expect(pull()).rejects.toThrow(UsageError);
		expect(content("cam-0001.custody.cbor")).toEqual(other);
		expect((await pull({}, { overwrite: true })).done.recordOnly).toBe(true);
		expect(content("cam-0001.custody.cbor")).toEqual(longer);
	});

	test("and the record here is longer than the camera's, that is left alone", async () => {
		giveReason();
		await pull();
		camera.addRecording(1, TEST_AGE, { finalHash: whole.hash }, record);
		await expect(pull()).rejects.toThrow(UsageError);
		expect(content("cam-0001.custody.cbor")).toEqual(longer);
	});
});

test("a custody record that is missing is fetched without the age file", async () => {
	await pull();
	rmSync(join(folder, "cam-0001.custody.cbor"));
	camera.reads.length = 0;
	expect((await pull()).done).toMatchObject({ transferred: record.length, report: { verdict: "complete" } });
	expect(camera.reads).toEqual([]);
});

test("another file of that name is left alone", async () => {
	writeFileSync(join(folder, "cam-0001.mp4.age"), "precious");
	await expect(pull()).rejects.toThrow(UsageError);
	expect(readFileSync(join(folder, "cam-0001.mp4.age"), "utf8")).toBe("precious");
	expect((await pull({}, { overwrite: true })).done.report.verdict).toBe("complete");
});

test("another custody record of that name is left alone, before the age file is fetched", async () => {
	writeFileSync(join(folder, "cam-0001.custody.cbor"), "precious");
	await expect(pull()).rejects.toThrow(UsageError);
	expect(readFileSync(join(folder, "cam-0001.custody.cbor"), "utf8")).toBe("precious");
	expect(await readdir(folder)).toEqual(["cam-0001.custody.cbor"]);
	expect((await pull({}, { overwrite: true })).done.report.verdict).toBe("complete");
});

test("a custody record that has its name already, without the age file, is the same one", async () => {
	writeFileSync(join(folder, "cam-0001.custody.cbor"), record);
	expect((await pull()).done.report.verdict).toBe("complete");
	expect((await readdir(folder)).sort()).toEqual(NAMES);
});

describe("what arrives damaged gets no name", () => {
	test("the age file", async () => {
		let damaged = false;
		camera.onRead = (off, data) => {
			if (damaged || off < 10_000) return { off, data };
			damaged = true;
			return { off, data: data.map((byte) => byte ^ 1) };
		};
		await expect(pull()).rejects.toThrow(VerificationError);
		camera.onRead = undefined;
		expect((await readdir(folder)).some((name) => NAMES.includes(name))).toBe(false);
		expect((await pull()).done.report.verdict).toBe("complete");
	});

	test("the record", async () => {
		camera.onRead = (off, data) => ({
			off,
			data: off === 0 && camera.reads.length === 0 ? data.map((byte) => byte ^ 1) : data,
		});
		await expect(pull()).rejects.toThrow("does not end with the hash");
		camera.onRead = undefined;
		expect((await pull()).done.report.verdict).toBe("complete");
	});
});

test("what the camera itself has broken gets a name that says so", async () => {
	const age = flipped(TEST_AGE, 70_000);
	camera.addRecording(1, age, { finalHash: whole.hash }, record);
	const { done } = await pull();
	expect(done.report.verdict).toBe("broken");
	expect((await readdir(folder)).sort()).toEqual([
		"cam-0001.unverified.custody.cbor",
		"cam-0001.unverified.mp4.age",
	]);
	expect(done.files.age).toBe(join(folder, "cam-0001.unverified.mp4.age"));
});
