import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { describe, expect, it } from "vitest";
import type { LogLevel } from "../hal/log.ts";
import type { MediaRegion } from "../hal/media-memory.ts";
import { demoPolicy } from "../testing/demo-policy.ts";
import { createVirtualTimers } from "../testing/virtual-timers.ts";
import { ButtonGestures } from "./button-gestures.ts";
import { layOutMemory, MemoryTooSmallError } from "./memory-map.ts";
import { Restarter } from "./restarter.ts";
import { loadSettings } from "./settings-loader.ts";

const MIB = 1024 * 1024;

describe("memory map", () => {
	it("fits a window of 8 MiB, its parts apart from each other and aligned", () => {
		const map = layOutMemory(40 * MIB, 32 * MIB);
		const regions: MediaRegion[] = Object.values(map).sort((a, b) => a.at - b.at);
		let end = 0;
		for (const { at, bytes } of regions) {
			expect(at).toBeGreaterThanOrEqual(end);
			expect(at % 8).toBe(0);
			end = at + bytes;
		}
		expect(end).toBe(40 * MIB);
		expect(map.arena).toEqual({ at: 8 * MIB, bytes: 32 * MIB });
	});

	it("is refused when the board gives too little", () => {
		expect(() => layOutMemory(36 * MIB, 32 * MIB)).toThrow(MemoryTooSmallError);
	});
});

describe("settings", () => {
	const load = async (read: () => Promise<Uint8Array | undefined>) => {
		const lines: LogLevel[] = [];
		const log = { write: (level: LogLevel) => lines.push(level) };
		return { settings: await loadSettings({ read }, log), lines };
	};

	it("are read from the key-value store", async () => {
		const { settings } = await load(async () => encodeCbor({ preRecordMs: 10_000, name: "cam1" }));
		expect(settings).toMatchObject({ preRecordMs: 10_000, name: "cam1" });
	});

	it("are empty when there are none, without a word", async () => {
		const { settings, lines } = await load(async () => undefined);
		expect(settings).toEqual({});
		expect(lines).toEqual([]);
	});

	it.each([
		["they are damaged", async () => Uint8Array.of(0xff, 0xff)],
		["the store fails", () => Promise.reject(new Error("input or output error"))],
	] as const)("are empty when %s, and the log says so", async (_what, read) => {
		const { settings, lines } = await load(read);
		expect(settings).toEqual({});
		expect(lines).toEqual(["error"]);
	});
});

describe("button", () => {
	it("joined with a timer tells a hold while it is still down", async () => {
		const timers = createVirtualTimers();
		const seen: [string, string, number][] = [];
		let edge: (pressed: boolean, time: number) => void = () => expect.unreachable();
		new ButtonGestures({
			timers,
			rule: demoPolicy.gestures,
			openButton: ({ button, onEdge }) => {
				if (button === "event") edge = onEdge;
				return { close: () => undefined };
			},
			onGesture: (button, kind, time) => seen.push([button, kind, time]),
		});
		await timers.advance(1_000_000);
		edge(true, timers.now());
		await timers.advance(2_999_000);
		expect(seen).toEqual([]);
		await timers.advance(1000);
		expect(seen).toEqual([["event", "hold", 4_000_000]]);
	});
});

describe("restart", () => {
	function setup() {
		const timers = createVirtualTimers();
		const calls: string[] = [];
		let recording: { number: number; triggerTime: number } | undefined;
		const restarter = new Restarter({
			timers,
			capture: {
				get state() {
					return recording === undefined ? "armed" : "recording";
				},
				get recording() {
					return recording;
				},
				stop: (reason) => {
					if (recording !== undefined) calls.push(`stop ${reason}`);
					return recording !== undefined;
				},
			},
			restart: () => calls.push(`restart ${timers.now()}`),
		});
		return {
			timers,
			calls,
			restarter,
			record: (running: boolean) => {
				recording = running ? { number: 1, triggerTime: 0 } : undefined;
			},
		};
	}

	it("waits until the response is out", async () => {
		const { timers, calls, restarter } = setup();
		expect(restarter.request(false)).toBe(true);
		expect(calls).toEqual([]);
		await timers.advance(1_000_000);
		expect(calls).toEqual(["restart 250000"]);
	});

	it("is refused during a recording", async () => {
		const { timers, calls, restarter, record } = setup();
		record(true);
		expect(restarter.request(false)).toBe(false);
		await timers.advance(10_000_000);
		expect(calls).toEqual([]);
	});

	it("when forced stops the recording and waits until it is closed", async () => {
		const { timers, calls, restarter, record } = setup();
		record(true);
		expect(restarter.request(true)).toBe(true);
		await timers.advance(900_000);
		record(false);
		await timers.advance(1_000_000);
		expect(calls).toEqual(["stop reset", "restart 1000000"]);
	});

	it("when forced does not wait for ever", async () => {
		const { timers, calls, restarter, record } = setup();
		record(true);
		restarter.request(true);
		await timers.advance(10_000_000);
		expect(calls).toEqual(["stop reset", "restart 5000000"]);
	});
});
