import { describe, expect, it } from "vitest";
import { inspectMp4 } from "../../testing/mp4-inspection.ts";
import { createNodeMediaMemory } from "../../testing/node-media-memory.ts";
import { createFragmentPlanner } from "../fragment-planner.ts";
import { createRing } from "../ring.ts";
import { createFragmentHeaders } from "./fragment-header.ts";
import { buildInitSegment } from "./init-segment.ts";

const SECOND = 1_000_000;
const FRAME = 40_000;
const OUT = 4096;

const VIDEO = {
	codec: "h264",
	configuration: Uint8Array.of(1, 2, 3, 4, 5, 6, 7),
	width: 1920,
	height: 1080,
	frameTime: FRAME,
	bitRate: 8_000_000,
	keyframesOnRequest: true,
	bitRateAdjustable: true,
} as const;
const AUDIO = { codec: "opus", sampleRate: 16_000, channels: 1, preSkip: 312, packetTime: FRAME } as const;

/** A ring that is drained into a file in memory. */
function setUp(origin: number) {
	const memory = createNodeMediaMemory(1 << 20);
	const index = { at: 64 * 1024, bytes: 64 * 1024 };
	const ring = createRing(memory, { at: 256 * 1024, bytes: 512 * 1024 }, index);
	ring.hold(0);
	ring.startDrain();
	const planner = createFragmentPlanner(ring);
	const headers = createFragmentHeaders(memory, ring);
	headers.start(origin, 0, FRAME);
	const parts: Uint8Array[] = [buildInitSegment({ video: VIDEO, videoDelay: 0, audio: AUDIO })];
	function drain(): void {
		while (planner.plan(true, FRAME)) {
			const size = headers.write(OUT, planner);
			parts.push(memory.bytes.slice(OUT, OUT + size));
			for (const queue of [ring.frames, ring.packets]) {
				const to = queue === ring.frames ? planner.frameTo() : planner.packetTo();
				while (queue.tail() < to) {
					const slot = queue.tail() & queue.index.mask;
					const at = queue.index.at[slot] ?? 0;
					parts.push(memory.bytes.slice(at, at + ((queue.index.size[slot] ?? 0) & 0xffff)));
					queue.drop();
				}
			}
			ring.reclaim();
		}
	}
	return {
		drain,
		frame: (time: number, key = false) => ring.pushFrame(0, 10, key, time, time, time),
		packet: (time: number) => ring.pushPacket(0, 5, time, time),
		file: () => inspectMp4(Buffer.concat(parts)),
	};
}

describe("fragment headers", () => {
	it("carry decode times beyond 32 bits exactly", () => {
		const start = 40_000 * SECOND + 7;
		const rig = setUp(start);
		rig.frame(start, true);
		rig.packet(start);
		rig.drain();
		const late = start + 7200 * SECOND + 3;
		rig.frame(late, true);
		rig.packet(late + 1_000);
		rig.drain();
		const [video, audio] = rig.file().tracks;
		expect(video?.samples.map(({ decode }) => Math.round(decode * 1e6))).toEqual([0, 7200 * SECOND + 3]);
		expect(audio?.samples[1]?.decode).toBeCloseTo(7200.001, 4);
	});

	it("do not add up rounding over an hour of an odd frame rate", () => {
		const rig = setUp(0);
		const time = (n: number) => Math.round((n * SECOND * 1001) / 24_000);
		for (let n = 0; n < 24 * 3600; n++) {
			rig.frame(time(n), n % 24 === 0);
			if (n % 24 === 23) rig.drain();
		}
		const { samples } = rig.file().tracks[0] ?? { samples: [] };
		for (const [n, { decode }] of samples.entries()) expect(Math.round(decode * 1e6)).toBe(time(n));
	});

	it("let sound run on over small differences of its time stamps and place it anew over large ones", () => {
		const rig = setUp(0);
		const jitter = [0, 3_000, -4_000, 9_000, -9_000, 0];
		for (let n = 0; n < 6; n++) rig.packet(SECOND + n * FRAME + (jitter[n] ?? 0));
		for (let n = 0; n < 3; n++) rig.packet(3 * SECOND + n * FRAME);
		rig.drain();
		const ticks = rig.file().tracks[1]?.samples.map(({ decode }) => Math.round(decode * 48_000)) ?? [];
		expect(ticks).toEqual([48_000, 49_920, 51_840, 53_760, 55_680, 57_600, 144_000, 145_920, 147_840]);
	});

	it("never let sound go back, however its time stamps do", () => {
		const rig = setUp(0);
		let time = SECOND;
		for (let n = 0; n < 200; n++) {
			rig.packet(time);
			time += 100 + ((n * 7919) % 90_000);
			if (n % 7 === 0) rig.drain();
		}
		rig.drain();
		const { samples } = rig.file().tracks[1] ?? { samples: [] };
		expect(samples.length).toBe(200);
		for (let n = 1; n < samples.length; n++)
			expect(samples[n]?.decode).toBeGreaterThan(samples[n - 1]?.decode ?? 0);
	});
});
