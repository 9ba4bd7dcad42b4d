import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signReceipt } from "@bodycam/protocol/custody/receipt";
import { testSigner } from "@bodycam/protocol/testing/node-crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hostCrypto } from "../agency/host-crypto.ts";
import { SmpClient } from "../client/smp-client.ts";
import { RefusedError, UsageError } from "../errors.ts";
import { EvidenceFileError } from "../evidence/evidence-error.ts";
import { readReceipts } from "../evidence/receipt-file.ts";
import { FakeCamera } from "../testing/fake-camera.ts";
import { MemoryTransport } from "../testing/memory-transport.ts";
import { type ErasureEvent, eraseRecordings } from "./recordings-erase.ts";
import { findGaps } from "./recordings-gaps.ts";

const archive = testSigner(5);
let directory: string;
let camera: FakeCamera;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-erase-"));
	camera = new FakeCamera({ bufferSize: 2048 });
	for (const number of [1, 2, 3]) camera.addRecording(number, new Uint8Array(number * 100));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A receipt for a recording of the camera, in a file. */
function receipt(recording: number, changes: { device?: string; bytes?: number } = {}): string {
	const content = {
		device: "0badcafe",
		recording,
		bytes: recording * 100,
		finalHash: new Uint8Array(32),
		readBackMs: 1,
		...changes,
	};
	const path = join(directory, `${content.device}-${recording}.receipt.cose`);
	writeFileSync(path, signReceipt(content, archive, hostCrypto));
	return path;
}

const connect = () => SmpClient.connect(new MemoryTransport(camera.device), { timeoutMs: 20 });

async function erase(...paths: string[]): Promise<ErasureEvent[]> {
	const events: ErasureEvent[] = [];
	for await (const event of eraseRecordings(await connect(), readReceipts(paths))) events.push(event);
	return events;
}

describe("erasing", () => {
	test("gives the camera every receipt of a directory that is for it", async () => {
		receipt(1);
		receipt(3);
		receipt(2, { device: "0badcaff" });
		const events = await erase(directory);
		expect(events.map(({ type }) => type)).toEqual(["erased", "erased", "other-camera"]);
		expect([...camera.receipts.keys()]).toEqual([1, 3]);
	});

	test("goes on after a refusal, and tells it", async () => {
		const events = await erase(receipt(1, { bytes: 7 }), receipt(2));
		expect(events).toMatchObject([
			{ type: "refused", recording: 1, error: expect.any(RefusedError) },
			{ type: "erased", recording: 2 },
		]);
	});
});

describe("receipts are read", () => {
	test("from files that are there and are receipts", () => {
		writeFileSync(join(directory, "x.receipt.cose"), "nothing");
		writeFileSync(join(directory, "long"), new Uint8Array(5000));
		expect(() => readReceipts([join(directory, "x.receipt.cose")])).toThrow(EvidenceFileError);
		expect(() => readReceipts([join(directory, "long")])).toThrow("it has 5000 bytes");
		expect(() => readReceipts([join(directory, "none")])).toThrow(UsageError);
	});

	test("from directories that hold some", () => {
		expect(() => readReceipts([directory])).toThrow("there is no receipt in");
	});
});

describe("gaps", () => {
	test("are the recordings without a receipt", async () => {
		await erase(receipt(2));
		const { last, receipts, gaps } = await findGaps(await connect());
		expect({ last, receipts }).toEqual({ last: 3, receipts: 1 });
		expect(gaps.map(({ number, state }) => [number, state])).toEqual([
			[1, "complete"],
			[3, "complete"],
		]);
	});

	test("are also the numbers that are not on this card, in between and up to the newest", async () => {
		camera.recordings.delete(2);
		camera.newest = 5;
		const { last, gaps } = await findGaps(await connect());
		expect(last).toBe(5);
		expect(gaps.map(({ number, state }) => [number, state])).toEqual([
			[1, "complete"],
			[2, "missing"],
			[3, "complete"],
			[4, "missing"],
			[5, "missing"],
		]);
	});

	test("are none when there is a receipt for each, or nothing was ever recorded", async () => {
		await erase(receipt(1), receipt(2), receipt(3));
		expect((await findGaps(await connect())).gaps).toEqual([]);
		camera.recordings.clear();
		camera.receipts.clear();
		expect(await findGaps(await connect())).toEqual({ last: 0, receipts: 0, gaps: [] });
	});
});
