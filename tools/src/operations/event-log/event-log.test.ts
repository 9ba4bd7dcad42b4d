import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventLogError, eventLogInfo, eventLogRead } from "@bodycam/protocol/camera/event-log";
import { eventsRead } from "@bodycam/protocol/camera/events";
import { RecordingsCheck } from "@bodycam/protocol/event-log/recordings-check";
import { GroupError } from "@bodycam/protocol/smp/errors";
import { SmpServer } from "@bodycam/protocol/smp/server";
import { type BootEvent, EventLogBuilder, TEST_CARD } from "@bodycam/protocol/testing/event-log-builder";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SmpClient } from "../../client/smp-client.ts";
import { ProtocolError, RefusedError } from "../../errors.ts";
import { MemoryTransport } from "../../testing/memory-transport.ts";
import { openCameraLog } from "./camera-log.ts";
import { exportEventLog } from "./export.ts";
import { type HistoryItem, readCameraHistory } from "./history.ts";
import { openLogFile } from "./log-file.ts";
import { verifyEventLog } from "./verify.ts";

const started = (sequence: number, boot = 1): BootEvent => [
	boot,
	{ sequence, monotonicMs: sequence, type: "recording-started", recording: sequence },
];

function longLog(): EventLogBuilder {
	const log = new EventLogBuilder();
	for (let block = 0; block < 60; block++) log.add(...[1, 2, 3].map((i) => started(block * 3 + i)));
	return log;
}

/** A camera that has a log on its card, and further events in its memory. */
function cameraWith(bytes: Uint8Array, options: { limit?: number; stored?: number; events?: number } = {}) {
	const { limit = 200, stored = 0, events: count = 0 } = options;
	const state = { bytes: bytes as Uint8Array | undefined };
	const server = new SmpServer({ bufferSize: 512, bufferCount: 8 });
	server.register(eventLogInfo, () => {
		const base = { capacity: 1e9, entries: 1, boot: 1, stored };
		if (state.bytes === undefined) return { ...base, state: "absent" as const, bytes: 0 };
		return { ...base, state: "ready" as const, bytes: state.bytes.length, card: TEST_CARD };
	});
	server.register(eventLogRead, ({ off, len = 100 }) => {
		if (state.bytes === undefined) throw new GroupError(EventLogError.noLog);
		const data = state.bytes.subarray(off, off + Math.min(len, limit));
		return { off, data, total: state.bytes.length };
	});
	const kept = Array.from({ length: count }, (_, i) => started(i + 1)[1]);
	server.register(eventsRead, ({ after = 0 }) => {
		const events = kept.filter(({ sequence }) => sequence > after).slice(0, 2);
		return { events, next: events.at(-1)?.sequence ?? after, lost: 0, boot: 1 };
	});
	const transport = new MemoryTransport((packet, respond) =>
		server.handle(packet, { role: "administrator" }, respond),
	);
	return { state, client: new SmpClient(transport) };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const item of items) all.push(item);
	return all;
}

let directory: string;
beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-log-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("the log of a camera", () => {
	test("is read whole, in pieces that may be short", async () => {
		const log = longLog();
		const { client } = cameraWith(log.bytes(), { limit: 77 });
		const report = await verifyEventLog(await openCameraLog(client));
		expect(report).toMatchObject({ verdict: "intact", entries: 180, card: TEST_CARD });
		expect(report.head).toEqual(log.head);
	});

	test("is refused when there is no card", async () => {
		const { client, state } = cameraWith(longLog().bytes());
		state.bytes = undefined;
		await expect(openCameraLog(client)).rejects.toThrow(RefusedError);
	});

	test("that ends before its end is no endless question", async () => {
		const { client, state } = cameraWith(longLog().bytes());
		const log = await openCameraLog(client);
		state.bytes = state.bytes?.subarray(0, 700);
		await expect(verifyEventLog(log)).rejects.toThrow(ProtocolError);
	});

	test("goes before the events that are not in it yet", async () => {
		const log = new EventLogBuilder().add(started(1), started(2)).add(started(3));
		const { client } = cameraWith(log.bytes(), { stored: 3, events: 5 });
		const items = await collect(readCameraHistory(client));
		const brief = items.map((item: HistoryItem) =>
			item.type === "entry" ? [item.entry, item.boot, item.base.sequence] : item.type,
		);
		expect(brief).toEqual([
			[1, 1, 1],
			[2, 1, 2],
			[3, 1, 3],
			[undefined, 1, 4],
			[undefined, 1, 5],
		]);
	});
});

describe("an exported log", () => {
	async function exported(log: EventLogBuilder): Promise<string> {
		const file = join(directory, "log.events");
		const bytes = log.bytes();
		await exportEventLog(
			{
				bytes: bytes.length,
				identity: TEST_CARD,
				read: (offset, length) => bytes.subarray(offset, offset + length),
			},
			file,
		);
		return file;
	}

	async function verify(file: string) {
		const log = await openLogFile(file);
		try {
			return await verifyEventLog(log.source, log);
		} finally {
			await log.close();
		}
	}

	test("is the log's bytes and an end, and verifies", async () => {
		const log = longLog();
		const file = await exported(log);
		const bytes = readFileSync(file);
		expect(bytes.subarray(0, -512).equals(log.bytes())).toBe(true);
		const report = await verify(file);
		expect(report).toMatchObject({ verdict: "intact", entries: 180 });
		expect(report.head).toEqual(log.head);
	});

	test("can be exported again, to the same bytes", async () => {
		const file = await exported(longLog());
		const log = await openLogFile(file);
		const again = join(directory, "again.events");
		await exportEventLog(log.source, again);
		await log.close();
		expect(readFileSync(again).equals(readFileSync(file))).toBe(true);
	});

	test.each([
		["cut at a block", (bytes: Buffer) => bytes.subarray(0, 5120), "cut-off"],
		["cut within a block", (bytes: Buffer) => bytes.subarray(0, 5000), "cut-off"],
		["with a bit flipped in its first block", (bytes: Buffer) => flip(bytes, 1), "damaged"],
		["with a bit flipped in its middle", (bytes: Buffer) => flip(bytes, 10_000), "damaged"],
		["with a bit flipped in its end", (bytes: Buffer) => flip(bytes, bytes.length - 500), "cut-off"],
	])("%s is broken", async (_what, change, code) => {
		const file = await exported(longLog());
		writeFileSync(file, change(readFileSync(file)));
		const { verdict, findings } = await verify(file);
		expect(verdict).toBe("broken");
		expect(findings.filter(({ severity }) => severity === "failure").map(({ code }) => code)).toContain(code);
	});

	test("keeps a damaged place as it is, and says so", async () => {
		const log = longLog();
		const bytes = Buffer.from(log.bytes());
		bytes.fill(0x55, 2048, 4096);
		const file = join(directory, "log.events");
		const source = {
			bytes: bytes.length,
			identity: TEST_CARD,
			read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
		};
		const { report } = await exportEventLog(source, file);
		expect(report.verdict).toBe("broken");
		expect(readFileSync(file).subarray(0, -512).equals(bytes)).toBe(true);
	});

	test("of nothing is not written", async () => {
		const empty = { bytes: 0, identity: TEST_CARD, read: () => new Uint8Array() };
		await expect(exportEventLog(empty, join(directory, "none"))).rejects.toThrow("empty");
	});
});

function flip(bytes: Buffer, at: number): Buffer {
	const changed = Buffer.from(bytes);
	changed[at] = (changed[at] ?? 0) ^ 1;
	return changed;
}

describe("the recordings on a card", () => {
	const hash = (value: number) => new Uint8Array(32).fill(value);
	function check(...recordings: Parameters<RecordingsCheck["findings"]>[0]) {
		const log = new RecordingsCheck();
		const base = { entry: 1, boot: 1, sequence: 1, monotonicMs: 1, type: "recording-closed" } as const;
		const closed = { ...base, recording: 1, bytes: 1, durationMs: 1, sha256: hash(1) };
		log.entry({ ...base, event: closed });
		const erased = { ...base, type: "recording-erased", recording: 3, bytes: 1 } as const;
		const receipt = { finalHash: hash(3), archive: new Uint8Array(8), receipt: hash(4) };
		log.entry({ ...erased, event: { ...erased, ...receipt } });
		return (complete: boolean) => log.findings(recordings, complete).map(({ severity }) => severity);
	}

	test("agree with the log", () => {
		expect(check({ number: 1, state: "complete", sha256: hash(1) })(true)).toEqual([]);
	});

	test("are not those the log saw when their hash is another", () => {
		expect(check({ number: 1, state: "complete", sha256: hash(2) })(true)).toEqual(["failure"]);
	});

	test("show that the log's end was cut off when it knows nothing of one", () => {
		const unknown = check({ number: 2, state: "complete", sha256: hash(2) });
		expect(unknown(true)).toEqual(["failure"]);
		expect(unknown(false)).toEqual(["note"]);
	});

	test("that were erased are erased in both, or the power failed in between", () => {
		expect(check({ number: 3, state: "erased", sha256: hash(3) })(true)).toEqual([]);
		expect(check({ number: 3, state: "complete", sha256: hash(3) })(true)).toEqual(["failure"]);
		expect(check({ number: 1, state: "erased", sha256: hash(1) })(true)).toEqual(["note"]);
	});

	test("may have been ended by a power cut before anything was stored", () => {
		expect(check({ number: 2, state: "interrupted", sha256: hash(2) })(true)).toEqual(["note"]);
		expect(check({ number: 2, state: "unfinished", sha256: undefined })(true)).toEqual([]);
	});
});
