import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { entries, held } from "../testing/ring-inspection.ts";
import { createRing } from "./ring.ts";

const SECOND = 1_000_000;
const FRAME = 40_000;
const SOURCE = 0;
const SOURCE_BYTES = 64 * 1024;

function setUp(arenaBytes = 256 * 1024, indexBytes = 2 * 20 * 4096) {
	const index = { at: SOURCE_BYTES, bytes: indexBytes };
	const arena = { at: SOURCE_BYTES + indexBytes, bytes: arenaBytes };
	const memory = createNodeMediaMemory(arena.at + arenaBytes);
	const ring = createRing(memory, arena, index);
	/** Fills the source buffer with bytes that name the frame, none of them zero. */
	function fill(name: number, length: number): void {
		for (let i = 0; i < length; i++) memory.bytes[SOURCE + i] = 1 + ((name * 31 + i * 7) % 255);
	}
	const content = (at: number, length: number) => memory.bytes.slice(at, at + length);
	const expected = (name: number, length: number) =>
		Uint8Array.from({ length }, (_, i) => 1 + ((name * 31 + i * 7) % 255));
	return { memory, ring, arena, fill, content, expected };
}

type Rig = ReturnType<typeof setUp>;

/** Pushes 25 frames and 25 packets a second; `n` names frames from 0. */
function feed({ ring, fill }: Rig, from: number, count: number, group = 20, length = 100): void {
	for (let n = from; n < from + count; n++) {
		fill(n, length);
		const time = n * FRAME;
		ring.pushFrame(SOURCE, length, n % group === 0, time, time, time);
		fill(n + 100_000, 20);
		ring.pushPacket(SOURCE, 20, time, time);
	}
}

const live = (rig: Rig) => entries(rig.ring.frames, rig.ring.frames.first(), rig.ring.frames.head());
const sound = (rig: Rig) => entries(rig.ring.packets, rig.ring.packets.first(), rig.ring.packets.head());
const drainable = (rig: Rig) => entries(rig.ring.frames, rig.ring.frames.tail(), rig.ring.frames.end());

/** Bytes of the arena that belong to no entry and are not zero. */
function stray({ memory, ring, arena }: Rig): number {
	const rest = memory.bytes.slice(arena.at, arena.at + arena.bytes);
	for (const { at, length } of held(ring)) rest.fill(0, at - arena.at, at - arena.at + length);
	return rest.reduce((count, byte) => count + (byte === 0 ? 0 : 1), 0);
}

describe("pre-record ring", () => {
	it("delivers from the first keyframe after the cutoff, never an earlier one", () => {
		const rig = setUp();
		rig.ring.keep(10 * SECOND);
		feed(rig, 0, 1000);
		const trigger = 999 * FRAME;
		rig.ring.hold(trigger - 10 * SECOND);
		const first = live(rig)[0];
		expect(first?.keyframe).toBe(true);
		expect(first?.time).toBe(760 * FRAME);
	});

	it("keeps sound from the cutoff on, also where no picture is kept", () => {
		const rig = setUp();
		rig.ring.keep(10 * SECOND);
		feed(rig, 0, 740, 250);
		rig.ring.hold(739 * FRAME - 10 * SECOND);
		expect(live(rig)[0]?.time).toBe(500 * FRAME);
		expect(sound(rig)[0]?.time).toBe(489 * FRAME);
	});

	it("keeps something with a group of pictures longer than the window, once a keyframe lies in it", () => {
		const rig = setUp();
		rig.ring.keep(5 * SECOND);
		feed(rig, 0, 260, 250);
		expect(live(rig).map(({ time }) => time / FRAME)).toEqual([
			250, 251, 252, 253, 254, 255, 256, 257, 258, 259,
		]);
	});

	it("keeps no picture, rather than too much, when no keyframe lies after the cutoff", () => {
		const rig = setUp();
		rig.ring.keep(5 * SECOND);
		feed(rig, 0, 240, 250);
		expect(live(rig)).toEqual([]);
		expect(sound(rig).length).toBe(126);
		expect(stray(rig)).toBe(0);
	});

	it("keeps nothing when the length is 0", () => {
		const rig = setUp();
		rig.ring.keep(0);
		feed(rig, 0, 100);
		expect(held(rig.ring)).toEqual([]);
		expect(stray(rig)).toBe(0);
	});

	it("is bounded by time, not by bytes alone, whatever the frame rate", () => {
		for (const step of [8_000, 33_333, 200_000, 900_000]) {
			const rig = setUp();
			rig.ring.keep(4 * SECOND);
			let now = 0;
			for (let n = 0; n < 600; n++) {
				now = n * step;
				rig.fill(n, 50);
				rig.ring.pushFrame(SOURCE, 50, n % 4 === 0, now, now, now);
			}
			const oldest = live(rig)[0]?.time ?? Infinity;
			expect(oldest).toBeGreaterThanOrEqual(now - 4 * SECOND);
			expect(oldest).toBeLessThanOrEqual(now - 4 * SECOND + 4 * step);
		}
	});

	it("gives up the oldest group when bytes run out, and says so", () => {
		const rig = setUp(64 * 1024);
		rig.ring.keep(60 * SECOND);
		feed(rig, 0, 200, 10, 1000);
		expect(live(rig)[0]?.keyframe).toBe(true);
		expect(live(rig).length).toBeGreaterThan(40);
		expect(rig.ring.roomTime()).toBeGreaterThan(0);
		expect(rig.ring.roomTime()).toBeLessThan(live(rig)[0]?.time as number);
		expect(stray(rig)).toBe(0);
	});

	it("gives up the group being received when it alone is larger than the arena, and goes on at the next keyframe", () => {
		const rig = setUp(16 * 1024);
		rig.ring.keep(60 * SECOND);
		feed(rig, 0, 30, 1000, 1000);
		expect(rig.ring.broken()).toBe(true);
		expect(live(rig)).toEqual([]);
		rig.ring.pushFrame(SOURCE, 1000, true, 30 * FRAME, 30 * FRAME, 30 * FRAME);
		expect(live(rig).length).toBe(1);
		expect(stray(rig)).toBe(0);
	});

	it("refuses a frame larger than the arena and of no length, and the rest of its group", () => {
		const rig = setUp(8 * 1024);
		rig.ring.keep(60 * SECOND);
		expect(rig.ring.pushFrame(SOURCE, 9 * 1024, true, 0, 0, 0)).toBe(false);
		expect(rig.ring.pushFrame(SOURCE, 100, false, FRAME, FRAME, FRAME)).toBe(false);
		expect(rig.ring.pushFrame(SOURCE, 100, true, 2 * FRAME, 2 * FRAME, 2 * FRAME)).toBe(true);
		expect(rig.ring.pushFrame(SOURCE, 0, false, 3 * FRAME, 3 * FRAME, 3 * FRAME)).toBe(false);
		expect(rig.ring.pushFrame(SOURCE, 100, false, 4 * FRAME, 4 * FRAME, 4 * FRAME)).toBe(false);
		expect(live(rig).length).toBe(1);
	});

	it("moves a decode time that steps back a little forward, and refuses one that steps back far", () => {
		const rig = setUp();
		rig.ring.keep(60 * SECOND);
		const now = 10 * SECOND;
		rig.ring.pushFrame(SOURCE, 10, true, 5 * SECOND, 5 * SECOND, now);
		rig.ring.pushFrame(SOURCE, 10, false, 5 * SECOND + 5, 5 * SECOND - 5, now);
		expect(live(rig)[1]?.decode).toBe(5 * SECOND + 1);
		expect(rig.ring.pushFrame(SOURCE, 10, false, 6 * SECOND, 2 * SECOND, now)).toBe(false);
		expect(rig.ring.pushFrame(SOURCE, 10, false, 7 * SECOND, 7 * SECOND, now)).toBe(false);
		expect(rig.ring.pushFrame(SOURCE, 10, true, 8 * SECOND, 8 * SECOND, now)).toBe(true);
	});

	it("refuses what claims to be from the future, which would never expire", () => {
		const rig = setUp();
		rig.ring.keep(5 * SECOND);
		expect(rig.ring.pushFrame(SOURCE, 10, true, 90 * SECOND, 90 * SECOND, SECOND)).toBe(false);
		expect(rig.ring.pushPacket(SOURCE, 10, 90 * SECOND, SECOND)).toBe(false);
	});

	it("does not keep pictures that lead a keyframe whose predecessors are gone", () => {
		const rig = setUp();
		rig.ring.keep(2 * SECOND);
		const push = (presentation: number, decode: number, keyframe: boolean) =>
			rig.ring.pushFrame(
				SOURCE,
				10,
				keyframe,
				presentation * FRAME,
				decode * FRAME,
				decode * FRAME + 200_000,
			);
		push(2, 0, true);
		push(4, 1, false);
		push(12, 10, true);
		push(10, 11, false);
		push(11, 12, false);
		push(14, 13, false);
		expect(live(rig).length).toBe(6);
		rig.ring.hold(3 * FRAME);
		expect(live(rig).map(({ time }) => time / FRAME)).toEqual([12, 14]);
		expect(stray(rig)).toBe(0);
	});

	it("drops the oldest group when its index is full", () => {
		const rig = setUp(256 * 1024, 2 * 20 * 64);
		rig.ring.keep(600 * SECOND);
		feed(rig, 0, 300, 10);
		expect(live(rig)[0]?.keyframe).toBe(true);
		expect(live(rig).length).toBeGreaterThan(50);
		expect(stray(rig)).toBe(0);
	});

	it("overwrites everything, index included, when it is cleared", () => {
		const rig = setUp();
		rig.ring.keep(10 * SECOND);
		feed(rig, 0, 200);
		rig.ring.clear();
		expect(rig.memory.bytes.subarray(SOURCE_BYTES).every((byte) => byte === 0)).toBe(true);
		feed(rig, 300, 100);
		expect(live(rig).length).toBe(100);
	});

	it("loses whole groups, counted, when a drain does not keep up, and goes on at a keyframe", () => {
		const rig = setUp(16 * 1024);
		rig.ring.keep(10 * SECOND);
		rig.ring.hold(0);
		rig.ring.startDrain();
		rig.ring.countLost();
		feed(rig, 0, 100, 10, 1000);
		const stored = drainable(rig).length;
		expect(stored + rig.ring.lostFrames()).toBe(100);
		while (rig.ring.frames.tail() < rig.ring.frames.end()) rig.ring.frames.drop();
		while (rig.ring.packets.tail() < rig.ring.packets.end()) rig.ring.packets.drop();
		rig.ring.reclaim();
		feed(rig, 105, 10, 10, 1000);
		expect(drainable(rig).map(({ time }) => time / FRAME)).toEqual([110, 111, 112, 113, 114]);
		expect(stored + 5 + rig.ring.lostFrames()).toBe(110);
		expect(stray(rig)).toBe(0);
	});

	it("keeps pictures after a stop for the next trigger while the last recording is still drained", () => {
		const rig = setUp();
		rig.ring.keep(10 * SECOND);
		feed(rig, 0, 100);
		rig.ring.hold(0);
		rig.ring.startDrain();
		feed(rig, 100, 50);
		rig.ring.cutFrames(129 * FRAME, 0);
		rig.ring.cutPackets(129 * FRAME, 0);
		rig.ring.keep(SECOND);
		feed(rig, 150, 100);
		expect(drainable(rig).map(({ time }) => time / FRAME)).toEqual(Array.from({ length: 130 }, (_, i) => i));
		expect(live(rig)[0]?.time).toBe(240 * FRAME);
		expect(stray(rig)).toBe(0);
		while (rig.ring.frames.tail() < rig.ring.frames.end()) rig.ring.frames.drop();
		while (rig.ring.packets.tail() < rig.ring.packets.end()) rig.ring.packets.drop();
		rig.ring.reclaim();
		rig.ring.hold(0);
		rig.ring.startDrain();
		expect(drainable(rig)[0]?.time).toBe(240 * FRAME);
	});
});

const step = fc.record({
	size: fc.integer({ min: 1, max: 6000 }),
	gap: fc.integer({ min: 0, max: 300_000 }),
	keyframe: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
	packet: fc.boolean(),
	drain: fc.integer({ min: 0, max: 3 }),
});

describe("pre-record ring, cut", () => {
	it("leaves what came after the cut alone when it is cut again", () => {
		const rig = setUp();
		rig.ring.keep(10 * SECOND);
		feed(rig, 0, 40);
		rig.ring.hold(0);
		rig.ring.startDrain();
		rig.ring.cutFrames(39 * FRAME, 0);
		feed(rig, 40, 5);
		rig.ring.cutFrames(39 * FRAME, 0);
		feed(rig, 45, 5);
		expect(live(rig).length).toBe(10);
	});
});

describe("pre-record ring, whatever comes", () => {
	it("holds nothing older than the window, starts at a keyframe, keeps bytes exact and the rest zero", () => {
		fc.assert(
			fc.property(
				fc.array(step, { minLength: 1, maxLength: 120 }),
				fc.integer({ min: 1, max: 4 * SECOND }),
				(steps, window) => {
					const rig = setUp(24 * 1024, 2 * 20 * 32);
					rig.ring.keep(window);
					const names = new Map<number, number>();
					let now = 0;
					steps.forEach(({ size, gap, keyframe, packet }, name) => {
						now += gap;
						rig.fill(name, size);
						if (packet) rig.ring.pushPacket(SOURCE, Math.min(size, 200), now, now);
						else if (rig.ring.pushFrame(SOURCE, size, keyframe, now, now, now)) names.set(name, size);
						const pictures = live(rig);
						for (const { time } of [...pictures, ...sound(rig)])
							expect(time).toBeGreaterThanOrEqual(now - window);
						if (pictures[0]) expect(pictures[0].keyframe).toBe(true);
						const kept = [...names].slice(names.size - pictures.length);
						pictures.forEach(({ at, length }, i) => {
							expect(rig.content(at, length)).toEqual(rig.expected(...(kept[i] as [number, number])));
						});
						expect(stray(rig)).toBe(0);
					});
				},
			),
			{ seed: 1, numRuns: 60 },
		);
	});

	it("loses and doubles nothing at the seam that it does not count, whatever the drain's pace", () => {
		fc.assert(
			fc.property(
				fc.array(step, { minLength: 2, maxLength: 150 }),
				fc.array(step, { minLength: 1, maxLength: 150 }),
				(before, after) => {
					const rig = setUp(64 * 1024, 2 * 20 * 256);
					rig.ring.keep(2 * SECOND);
					let now = 0;
					let name = 0;
					const drained: number[] = [];
					const nameOf = (at: number, length: number, from: number): number => {
						const bytes = rig.content(at, length);
						for (let n = from; n < name; n++)
							if (Buffer.compare(bytes, rig.expected(n, length)) === 0) return n;
						return -1;
					};
					const push = ({ size, gap, keyframe }: (typeof before)[number]) => {
						now += gap + 1;
						rig.fill(name, size);
						rig.ring.pushFrame(SOURCE, size, keyframe, now, now, now);
						name++;
					};
					before.forEach(push);
					const waiting = live(rig).length;
					rig.ring.hold(now - 2 * SECOND);
					rig.ring.startDrain();
					rig.ring.countLost();
					let skipped = 0;
					for (const item of after) {
						const open = !rig.ring.broken();
						const lost = rig.ring.lostFrames();
						push(item);
						if (!open && !item.keyframe && rig.ring.lostFrames() === lost) skipped++;
						for (let i = 0; i < item.drain && rig.ring.frames.tail() < rig.ring.frames.end(); i++) {
							const first = entries(rig.ring.frames, rig.ring.frames.tail(), rig.ring.frames.tail() + 1)[0];
							if (first) drained.push(nameOf(first.at, first.length, (drained.at(-1) ?? -1) + 1));
							rig.ring.frames.drop();
							rig.ring.reclaim();
						}
					}
					const rest = drainable(rig).length;
					expect(drained).not.toContain(-1);
					expect([...new Set(drained)].sort((a, b) => a - b)).toEqual(drained);
					expect(drained.length + rest + rig.ring.lostFrames() + skipped).toBe(waiting + after.length);
					expect(stray(rig)).toBe(0);
				},
			),
			{ seed: 1, numRuns: 60 },
		);
	});
});
