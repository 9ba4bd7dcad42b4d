import { recordingMetadata } from "@bodycam/protocol/camera/recordings";
import { parse } from "@bodycam/protocol/schema/validate";
import { describe, expect, it } from "vitest";
import { capacityMs, fittingBitRate } from "./arming.ts";
import {
	describeInterruptedRecording,
	describePreRecord,
	describeRecording,
	type PreRecordFacts,
} from "./recording-metadata.ts";

const S = 1_000_000;
const facts: PreRecordFacts = {
	configured: 10 * S,
	trigger: 100 * S,
	firstFrame: 90.4 * S,
	firstPacket: 90.02 * S,
	armedSince: 0,
	roomTime: -Infinity,
	groupTime: 0.8 * S,
	capacityMs: 10_000,
};

describe("pre-recording's report", () => {
	it.each([
		["complete", {}],
		["complete", { firstFrame: 90.8 * S }],
		["keyframe", { firstFrame: 94 * S, groupTime: 8 * S }],
		["keyframe", { firstFrame: 91.9 * S }],
		["keyframe", { firstFrame: Infinity }],
		["arming", { firstFrame: 94 * S, armedSince: 93.9 * S }],
		["arena", { firstFrame: 94 * S, roomTime: 93.9 * S }],
		["keyframe", { firstFrame: 94 * S, roomTime: 50 * S }],
		["off", { configured: 0, firstFrame: 100 * S, firstPacket: 100 * S }],
	] as const)("says %s for %o", (reason, change) => {
		expect(describePreRecord({ ...facts, ...change }).reason).toBe(reason);
	});

	it("never says more than was configured", () => {
		const { deliveredMs, audioMs } = describePreRecord({ ...facts, firstFrame: 80 * S, firstPacket: 80 * S });
		expect([deliveredMs, audioMs]).toEqual([10_000, 10_000]);
	});

	it("says nothing was delivered when the first picture is from after the trigger", () => {
		expect(describePreRecord({ ...facts, firstFrame: 101 * S }).deliveredMs).toBe(0);
	});
});

describe("metadata", () => {
	const opening = describeRecording({
		number: 4,
		base: { device: "d", build: "b", engine: "e", seeded: false },
		source: "button",
		trigger: 100.5 * S,
		preRecord: describePreRecord(facts),
		video: undefined,
		counts: {
			framesBefore: 0,
			framesAfter: 0,
			packets: 0,
			firstFrame: -1,
			lastFrame: -1,
			firstPacket: -1,
			lastPacket: -1,
		},
		drainMs: 0,
		lostFrames: 0,
		lostPackets: 0,
	});

	it("of an open recording fits the published schema", () => {
		expect(parse(recordingMetadata, opening)).toEqual(opening);
	});

	it("of an interrupted recording says what the last segment's notes say", () => {
		const notes = Uint32Array.of(240, 60, 500, 90_400, 102_400, 90_020, 102_380, 3, 1, 250, 0, 0);
		const final = describeInterruptedRecording(opening, 12_345, new Uint8Array(32).fill(7), notes);
		expect(parse(recordingMetadata, final)).toMatchObject({
			state: "interrupted",
			interrupted: true,
			bytes: 12_345,
			trigger: { framesBefore: 240, framesAfter: 60 },
			preRecord: { deliveredMs: 10_000, audioMs: 10_000 },
			video: { frames: 300, firstMs: 90_400, lastMs: 102_400 },
			audio: { packets: 500, firstMs: 90_020, lastMs: 102_380 },
			lost: { frames: 3, packets: 1 },
			drainMs: 250,
		});
	});

	it("of one that was cut off before its first segment says that there is nothing", () => {
		const final = describeInterruptedRecording(opening, 0, new Uint8Array(32), new Uint32Array(12));
		expect(parse(recordingMetadata, final)).toMatchObject({
			video: { frames: 0 },
			preRecord: { deliveredMs: 0 },
			bytes: 0,
		});
		expect(final.audio).toBeUndefined();
	});
});

describe("arming", () => {
	const demand = { arenaBytes: 32 * 1024 * 1024, seconds: 30, sound: true };

	it("knows that 32 MiB hold 27 s at 8 Mbit/s and 60 s at 4", () => {
		expect(capacityMs({ ...demand, seconds: 27 }, 8_000_000)).toBe(27_000);
		expect(capacityMs({ ...demand, seconds: 60 }, 4_000_000)).toBe(60_000);
	});

	it("says less when it does not fit, and never below nothing", () => {
		expect(capacityMs(demand, 16_000_000)).toBeLessThan(14_000);
		expect(capacityMs({ ...demand, arenaBytes: 65_536 }, 16_000_000)).toBe(0);
	});

	it("finds a bit rate at which the configured length fits", () => {
		const rate = fittingBitRate(demand);
		expect(capacityMs(demand, rate)).toBe(30_000);
		expect(capacityMs(demand, rate * 1.1)).toBeLessThan(30_000);
	});
});
