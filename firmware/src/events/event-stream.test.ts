import { type CameraEvent, cameraEvent } from "@bodycam/protocol/camera/events";
import { parse } from "@bodycam/protocol/schema/validate";
import { describe, expect, it } from "vitest";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { EventStream } from "./event-stream.ts";

function stream(bytes = 4096) {
	let time = 1_500_000;
	let wall: number | undefined;
	const told: CameraEvent[] = [];
	const defects: string[] = [];
	const events = new EventStream({
		memory: createNodeMediaMemory(8192),
		region: { at: 0, bytes },
		now: () => time,
		wallClock: () => wall,
		uncertainty: () => 20,
		onEvent: (event) => told.push(event),
		onDefect: (type) => defects.push(type),
	});
	return {
		events,
		defects,
		told,
		setTime: (us: number) => {
			time = us;
		},
		setWall: (ms: number) => {
			wall = ms;
		},
	};
}

const STARTED = { type: "recording-started", recording: 1 } as const;

describe("event stream", () => {
	it("stamps events with sequence and times, and tells them", () => {
		const { events, told, setTime, setWall } = stream();
		events.emit(STARTED);
		setTime(2_000_999);
		setWall(1_790_000_000_000);
		events.emit(STARTED);
		expect(told).toEqual([
			{ ...STARTED, sequence: 1, monotonicMs: 1500, wallMs: undefined },
			{ ...STARTED, sequence: 2, monotonicMs: 2000, wallMs: 1_790_000_000_000, wallUncertaintyMs: 20 },
		]);
	});

	it.each([
		["a negative time", { type: "clock-set", previousMs: -14_182_980_000, uncertaintyMs: 20 }],
		["a broken number", { type: "recording-started", recording: 1.5 }],
	] as const)("leaves out an event with %s, so that the page stays readable", (_, body) => {
		const { events, defects, told } = stream();
		events.emit(STARTED);
		events.emit(body);
		events.emit(STARTED);
		const { items } = events.read(0, 10, 10_000);
		expect(items.map(({ sequence }) => sequence)).toEqual([1, 2]);
		for (const item of items) expect(() => parse(cameraEvent, item)).not.toThrow();
		expect(defects).toEqual([body.type]);
		expect(told).toHaveLength(2);
	});

	it("is read from a cursor, a page at a time", () => {
		const { events } = stream();
		for (let recording = 1; recording <= 5; recording++) events.emit({ ...STARTED, recording });
		const first = events.read(0, 3, 10_000);
		expect(first.items.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
		expect(first).toMatchObject({ next: 3, lost: 0 });
		const second = events.read(first.next, 3, 10_000);
		expect(second.items.map(({ sequence }) => sequence)).toEqual([4, 5]);
		expect(events.read(second.next, 3, 10_000)).toEqual({ items: [], next: 5, lost: 0 });
	});

	it("gives back what was put in", () => {
		const { events, told } = stream();
		events.emit({
			type: "recording-closed",
			recording: 3,
			bytes: 5_000_000_000,
			durationMs: 12_345,
			sha256: new Uint8Array(32).fill(7),
		});
		const [{ wallMs: _wall, wallUncertaintyMs: _uncertainty, ...expected } = {}] = told;
		expect(events.read(0, 1, 10_000).items).toEqual([expected]);
	});

	it("fills a page with at least one event and no more bytes than wanted", () => {
		const { events } = stream();
		for (let count = 0; count < 5; count++) events.emit(STARTED);
		expect(events.read(0, 32, 1).items).toHaveLength(1);
		const [one] = events.read(0, 1, 10_000).items;
		expect(one).toBeDefined();
		expect(events.read(0, 32, 150).items.length).toBeLessThan(5);
	});

	it("says how many were lost to who comes late", () => {
		const { events, told } = stream(1024);
		for (let count = 0; count < 100; count++) events.emit(STARTED);
		const { items, lost, next } = events.read(10, 200, 100_000);
		expect(told).toHaveLength(100);
		expect(next).toBe(100);
		expect(items.at(-1)?.sequence).toBe(100);
		expect(items[0]?.sequence).toBe(10 + lost + 1);
		expect(lost).toBeGreaterThan(0);
	});

	it("refuses an event that is too long", () => {
		const { events } = stream();
		const crash = "x".repeat(1400);
		expect(() => events.emit({ type: "booted", reason: "power-on", build: "", crash })).toThrow(RangeError);
	});
});
