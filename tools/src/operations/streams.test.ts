import type { CameraEvent } from "@bodycam/protocol/camera/events";
import { describe, expect, test } from "vitest";
import { SmpClient } from "../client/smp-client.ts";
import { ProtocolError, UsageError } from "../errors.ts";
import { FakeCamera } from "../testing/fake-camera.ts";
import { MemoryTransport } from "../testing/memory-transport.ts";
import { setClock } from "./clock.ts";
import { type EventsItem, followEvents } from "./events.ts";
import { readLog } from "./log.ts";
import { readLogOverBoots } from "./log-history.ts";
import { listRecordings } from "./recordings.ts";

const event = (sequence: number): CameraEvent => ({
	sequence,
	monotonicMs: sequence,
	type: "recording-started",
	recording: sequence,
});

function setUp() {
	const camera = new FakeCamera();
	return { camera, client: new SmpClient(new MemoryTransport(camera.device)) };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const item of items) all.push(item);
	return all;
}

/** The sequences of events, other items by type. */
function brief(items: readonly EventsItem[]) {
	return items.map((item) => (item.type === "event" ? item.event.sequence : item.type));
}

describe("events", () => {
	test("are read to the end, page by page", async () => {
		const { camera, client } = setUp();
		camera.events = [1, 2, 3, 4, 5].map(event);
		expect(brief(await collect(followEvents(client)))).toEqual([1, 2, 3, 4, 5]);
	});

	test("are read from a cursor on", async () => {
		const { camera, client } = setUp();
		camera.events = [1, 2, 3].map(event);
		expect(brief(await collect(followEvents(client, { after: 2 })))).toEqual([3]);
	});

	test("that are no longer kept are counted", async () => {
		const { camera, client } = setUp();
		camera.events = [1, 2, 3, 4, 5].map(event);
		camera.oldest = 4;
		const items = await collect(followEvents(client, { after: 1 }));
		expect(items[0]).toEqual({ type: "lost", count: 2 });
		expect(brief(items)).toEqual(["lost", 4, 5]);
	});

	test("to come are followed, over a restart of the camera, until the signal", async () => {
		const { camera, client } = setUp();
		const stop = new AbortController();
		camera.events = [1, 2, 3].map(event);
		const seen: EventsItem[] = [];
		const following = (async () => {
			for await (const item of followEvents(client, { follow: true, intervalMs: 0, signal: stop.signal })) {
				seen.push(item);
				if (item.type === "event" && item.event.sequence === 3) {
					camera.boot = 2;
					camera.events = [1, 2].map(event);
				} else if (seen.length === 6) stop.abort(new Error("enough"));
			}
		})();
		await expect(following).rejects.toThrow("enough");
		expect(brief(seen)).toEqual([1, 2, 3, "restarted", 1, 2]);
	});

	test("are read on after a page that has none but moves the cursor", async () => {
		const pages = [
			{ events: [], next: 7, lost: 7, boot: 1 },
			{ events: [event(8)], next: 8, lost: 0, boot: 1 },
			{ events: [], next: 8, lost: 0, boot: 1 },
		];
		const client = { request: async () => pages.shift() } as unknown as SmpClient;
		expect(brief(await collect(followEvents(client)))).toEqual(["lost", 8]);
	});

	test("of a camera whose cursor stays are not read for ever", async () => {
		const answer = { events: [event(5)], next: 0, lost: 0, boot: 1 };
		const stuck = { request: async () => answer } as unknown as SmpClient;
		await expect(collect(followEvents(stuck))).rejects.toThrow(ProtocolError);
	});
});

test("log lines are read to the end", async () => {
	const { camera, client } = setUp();
	camera.lines = [1, 2, 3].map((sequence) => ({
		sequence,
		monotonicMs: 0,
		level: "info",
		text: `${sequence}`,
	}));
	const items = await collect(readLog(client));
	expect(items.map((item) => (item.type === "line" ? item.line.text : item.type))).toEqual(["1", "2", "3"]);
});

describe("the list of recordings", () => {
	test("is read page by page", async () => {
		const { camera, client } = setUp();
		for (const number of [1, 2, 3, 4, 5]) camera.addRecording(number, new Uint8Array(number));
		expect((await collect(listRecordings(client))).map(({ number, bytes }) => [number, bytes])).toEqual([
			[1, 1],
			[2, 2],
			[3, 3],
			[4, 4],
			[5, 5],
		]);
	});

	test("may begin later", async () => {
		const { camera, client } = setUp();
		for (const number of [1, 2, 3]) camera.addRecording(number, new Uint8Array());
		expect((await collect(listRecordings(client, { from: 3 }))).map(({ number }) => number)).toEqual([3]);
	});

	test("of an empty card is empty", async () => {
		expect(await collect(listRecordings(setUp().client))).toEqual([]);
	});
});

describe("setting the clock", () => {
	const wallMs = Date.UTC(2026, 10, 22, 12);

	test("says what it was before and sets the time plus what has passed since", async () => {
		const { camera, client } = setUp();
		camera.wallMs = 1000;
		const setting = await setClock(client, { wallMs });
		expect(setting).toMatchObject({ before: "set", previousMs: 1000 });
		expect(camera.wallMs).toBe(setting.wallMs);
		expect(setting.wallMs).toBeGreaterThanOrEqual(wallMs);
		expect(setting.roundTripMs).toBeGreaterThan(0);
	});

	test("works where it was not set", async () => {
		expect(await setClock(setUp().client, { wallMs })).toMatchObject({
			before: "unset",
			previousMs: undefined,
		});
	});

	test("works where the clock says what is no date, without calling it unset", async () => {
		const { camera, client } = setUp();
		camera.wallMs = Date.UTC(10_000, 0, 1);
		expect((await setClock(client, { wallMs })).before).toBe("unknown");
		expect(camera.wallMs).toBeLessThan(wallMs + 60_000);
	});

	test.each(["1969-07-20T20:17:00Z", "1999-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])(
		"to %s is a mistake, and the camera is not asked",
		async (time) => {
			const { camera, client } = setUp();
			await expect(setClock(client, { wallMs: Date.parse(time) })).rejects.toThrow(UsageError);
			expect(camera.wallMs).toBeUndefined();
		},
	);
});

describe("the log over boots", () => {
	const line = (number: number, boot: number) =>
		({ number, boot, monotonicMs: number, level: "info", text: `line ${number}` }) as const;

	test("is read to the end, page by page, and restarts are told", async () => {
		const { camera, client } = setUp();
		camera.history = [line(1, 7), line(2, 7), line(3, 9), line(4, 9), line(5, 2)];
		const items = await collect(readLogOverBoots(client));
		expect(items.map((item) => (item.type === "line" ? item.line.number : item.type))).toEqual([
			1,
			2,
			"restarted",
			3,
			4,
			"restarted",
			5,
		]);
	});

	test("is followed over a restart without a line twice", async () => {
		const { camera, client } = setUp();
		camera.history = [line(1, 7)];
		const stop = new AbortController();
		const seen: unknown[] = [];
		const following = (async () => {
			for await (const item of readLogOverBoots(client, {
				follow: true,
				intervalMs: 1,
				signal: stop.signal,
			})) {
				seen.push(item.type === "line" ? item.line.number : item.type);
				if (seen.length === 1) camera.history.push(line(2, 8));
				if (seen.length === 3) stop.abort(new Error("enough"));
			}
		})();
		await expect(following).rejects.toThrow("enough");
		expect(seen).toEqual([1, "restarted", 2]);
	});
});
