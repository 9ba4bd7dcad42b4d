import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SmpClient } from "../client/smp-client.ts";
import { ConnectionError, ProtocolError, RefusedError, UsageError, VerificationError } from "../errors.ts";
import { FakeCamera } from "../testing/fake-camera.ts";
import { type LineFaults, MemoryTransport } from "../testing/memory-transport.ts";
import type { PullEvent } from "./pull/pull-event.ts";
import { type PullOptions, pullRecording } from "./pull-recording.ts";

let folder: string;
let file: string;
let camera: FakeCamera;
const bytes = Uint8Array.from({ length: 30_000 }, (_, index) => (index * 31 + (index >> 8)) & 255);

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "pull-"));
	file = join(folder, "recording.mp4");
	camera = new FakeCamera();
	camera.addRecording(3, bytes);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function pull(faults: LineFaults = {}, options: Partial<PullOptions> = {}) {
	const transport = new MemoryTransport(camera.device, faults);
	const client = await SmpClient.connect(transport, { timeoutMs: 20 });
	const events: PullEvent[] = [];
	for await (const event of pullRecording(client, { number: 3, file, ...options })) events.push(event);
	const done = events.at(-1);
	if (done?.type !== "done") throw new Error("no last event");
	return { events, done, transport };
}

/** How many of the recording's bytes an interrupted pull has kept. */
function kept(): number {
	return JSON.parse(readFileSync(`${file}.part.json`, "utf8")).received;
}

test("the file is the recording, and nothing else is left", async () => {
	await pull();
	expect(readFileSync(file)).toEqual(Buffer.from(bytes));
	expect(await readdir(folder)).toEqual(["recording.mp4"]);
});

test("the events are an estimate, progress up to the end, verification and the result", async () => {
	const { events, done } = await pull();
	expect(events[0]).toMatchObject({ type: "estimate", total: 30_000, resumedAt: 0 });
	expect(events.at(-3)).toMatchObject({ type: "progress", bytes: 30_000, total: 30_000, remainingMs: 0 });
	expect(events.at(-2)).toEqual({ type: "verifying", total: 30_000 });
	expect(done).toMatchObject({ total: 30_000, transferred: 30_000, file });
});

test("the window is kept full", async () => {
	const { transport } = await pull();
	expect(transport.mostUnderWay).toBe(8);
});

test("every byte is asked for once", async () => {
	await pull();
	expect(new Set(camera.reads).size).toBe(camera.reads.length);
});

describe("the file is whole", () => {
	test.each<[string, LineFaults]>([
		["when answers come in another order", { reverse: 6 }],
		["when packets are lost", { response: (index) => (index % 9 === 4 ? "drop" : "pass") }],
		["when packets are doubled", { request: () => "twice", response: () => "twice" }],
	])("%s", async (_, faults) => {
		await pull(faults);
		expect(readFileSync(file)).toEqual(Buffer.from(bytes));
	});

	test("when the camera gives less than was asked for", async () => {
		camera.readLimit = 100;
		await pull();
		expect(readFileSync(file)).toEqual(Buffer.from(bytes));
	});

	test("when it is empty", async () => {
		camera.addRecording(3, new Uint8Array());
		await pull();
		expect(readFileSync(file)).toHaveLength(0);
	});

	test("when single answers are of another place", async () => {
		let answers = 0;
		camera.onRead = (off, data) => {
			answers += 1;
			return answers % 5 === 0 ? { off: off + 1, data } : { off, data };
		};
		await pull();
		expect(readFileSync(file)).toEqual(Buffer.from(bytes));
	});
});

describe("after a broken connection", () => {
	test("what arrived is kept and the next pull asks only for the rest", async () => {
		await expect(pull({ breakAfter: 40 })).rejects.toThrow(ConnectionError);
		expect(kept()).toBeGreaterThan(10_000);
		const from = kept();
		camera.reads.length = 0;
		const { events, done } = await pull();
		expect(events[0]).toMatchObject({ resumedAt: from });
		expect(Math.min(...camera.reads)).toBe(from);
		expect(done.transferred).toBe(30_000 - from);
		expect(readFileSync(file)).toEqual(Buffer.from(bytes));
	});

	test("again and again, it comes to an end", async () => {
		let tries = 0;
		for (; tries < 40; tries++) if (await pull({ breakAfter: 12, reverse: 3 }).catch(() => undefined)) break;
		expect(tries).toBeGreaterThan(2);
		expect(readFileSync(file)).toEqual(Buffer.from(bytes));
	});

	test.each<[string, () => void]>([
		["of another recording", () => camera.addRecording(3, bytes.slice().reverse())],
		["whose record is damaged", () => writeFileSync(`${file}.part.json`, "{")],
		["whose record claims more than there is", () => writeFileSync(`${file}.part`, "short")],
	])("a part %s is not used", async (_, change) => {
		await expect(pull({ breakAfter: 40 })).rejects.toThrow(ConnectionError);
		change();
		const { events } = await pull();
		expect(events[0]).toMatchObject({ resumedAt: 0 });
	});

	test("also when the reader just stops", async () => {
		const client = await SmpClient.connect(new MemoryTransport(camera.device));
		for await (const _ of pullRecording(client, { number: 3, file })) break;
		expect(kept()).toBeGreaterThan(0);
	});

	test("also when it was stopped by a signal, which is the reason given", async () => {
		const stop = new AbortController();
		camera.onRead = (off, data) => {
			if (off > 15_000) stop.abort(new Error("enough"));
			return { off, data };
		};
		await expect(pull({}, { signal: stop.signal })).rejects.toThrow("enough");
		expect(kept()).toBeGreaterThan(0);
	});
});

describe("verification", () => {
	test("a byte that is wrong is found, and the next pull begins anew", async () => {
		camera.onRead = (off, data) => ({ off, data: off === 0 ? data.map((byte) => byte ^ 1) : data });
		await expect(pull()).rejects.toThrow(VerificationError);
		expect(await readdir(folder)).toEqual([]);
	});

	test("a part that was changed between two pulls is found", async () => {
		await expect(pull({ breakAfter: 40 })).rejects.toThrow(ConnectionError);
		const part = readFileSync(`${file}.part`);
		part[5] = (part[5] ?? 0) ^ 1;
		writeFileSync(`${file}.part`, part);
		await expect(pull()).rejects.toThrow(VerificationError);
		expect((await pull()).done.transferred).toBe(30_000);
	});
});

test("a lock that a dead pull left behind is no obstacle", async () => {
	writeFileSync(`${file}.part.lock`, "4194303 1");
	await pull();
	expect(await readdir(folder)).toEqual(["recording.mp4"]);
});

describe("a file of that name", () => {
	test("that is the recording is not pulled again", async () => {
		await pull();
		camera.reads.length = 0;
		const { done } = await pull();
		expect(done.transferred).toBe(0);
		expect(camera.reads).toEqual([]);
	});

	test("that is something else is left alone", async () => {
		writeFileSync(file, "precious");
		await expect(pull()).rejects.toThrow(UsageError);
		expect(readFileSync(file, "utf8")).toBe("precious");
	});

	test("that is to be replaced stays until the new one is verified", async () => {
		writeFileSync(file, "precious");
		await expect(pull({ breakAfter: 40 }, { overwrite: true })).rejects.toThrow(ConnectionError);
		expect(readFileSync(file, "utf8")).toBe("precious");
		await pull({}, { overwrite: true });
		expect(readFileSync(file)).toEqual(Buffer.from(bytes));
	});
});

describe("refused is", () => {
	test("a recording that is not there", async () => {
		await expect(pull({}, { number: 9 })).rejects.toThrow(RefusedError);
	});

	test("a second pull into the same file, which leaves the first one alone", async () => {
		const client = await SmpClient.connect(new MemoryTransport(camera.device));
		const first = pullRecording(client, { number: 3, file });
		await first.next();
		const error = await pull().catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(RefusedError);
		expect(error).toMatchObject({
			message: `another pull is fetching this: it writes ${file}.part`,
			exitCode: 4,
			hint: "Wait for it, or pull into another directory.",
		});
		for await (const _ of first);
		expect(readFileSync(file)).toEqual(Buffer.from(bytes));
		expect(await readdir(folder)).toEqual(["recording.mp4"]);
	});

	test("a recording that is still being made", async () => {
		camera.addRecording(3, bytes, { state: "recording", sha256: undefined });
		await expect(pull()).rejects.toThrow("recording 3 is still being made");
	});
});

test("a camera that sends nothing for a place is given up", async () => {
	camera.onRead = (off, data) => ({ off, data: off < 10_000 ? data : new Uint8Array() });
	await expect(pull()).rejects.toThrow(ProtocolError);
});
