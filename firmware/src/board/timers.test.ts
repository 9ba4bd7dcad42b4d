import { System } from "@bodycam/protocol/board/records";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFakeNative } from "../testing/fake-native.ts";
import { Board } from "./board.ts";
import { BoardTimers } from "./timers.ts";

/** Timers over a hardware timer in virtual time. */
function setup() {
	const native = createFakeNative(16);
	const board = new Board(native);
	const timers = new BoardTimers({ board });
	let rings = Number.POSITIVE_INFINITY;
	const arm = () => {
		for (const [kind, , delay = 0] of native.take()) {
			if (kind === System.TIMER_SET) rings = native.time + delay;
		}
	};
	/** Advances to a time, ringing on the way; the number of rings. */
	const advance = (end: number): number => {
		let count = 0;
		for (arm(); rings <= end; arm()) {
			native.time = rings;
			rings = Number.POSITIVE_INFINITY;
			count++;
			board.dispatch(System.TIMER, 0, native.time, 0, 0, 0, 0, 0, 0);
		}
		native.time = end;
		return count;
	};
	return { native, timers, advance };
}

describe("timers", () => {
	it("call back at their time, in the order of their times", () => {
		const { native, timers, advance } = setup();
		const seen: [string, number][] = [];
		const late = timers.create(() => seen.push(["late", native.time]));
		const early = timers.create(() => seen.push(["early", native.time]));
		late.start(500);
		early.start(200);
		advance(1000);
		expect(seen).toEqual([
			["early", 200],
			["late", 500],
		]);
	});

	it("call back once for each start", () => {
		const { timers, advance } = setup();
		let count = 0;
		const timer = timers.create(() => count++);
		timer.start(100);
		advance(10_000);
		expect(count).toBe(1);
		expect(timer.running).toBe(false);
	});

	it("never call back inside start, even for a time that has passed", () => {
		const { native, timers, advance } = setup();
		native.time = 1000;
		let count = 0;
		const timer = timers.create(() => count++);
		timer.startAt(10);
		expect(count).toBe(0);
		advance(1000);
		expect(count).toBe(1);
	});

	it("start anew: only the last start counts", () => {
		const { native, timers, advance } = setup();
		const seen: number[] = [];
		const timer = timers.create(() => seen.push(native.time));
		timer.start(100);
		timer.start(700);
		advance(2000);
		expect(seen).toEqual([700]);
	});

	it("do not call back once stopped or closed", () => {
		const { timers, advance } = setup();
		const stopped = timers.create(() => expect.unreachable());
		const closed = timers.create(() => expect.unreachable());
		stopped.start(100);
		closed.start(100);
		stopped.stop();
		closed.close();
		closed.start(100);
		expect(advance(1000)).toBe(1);
	});

	it("let a callback start its timer again, without ringing twice at one time", () => {
		const { native, timers, advance } = setup();
		const seen: number[] = [];
		const timer = timers.create(() => {
			seen.push(native.time);
			timer.start(100);
		});
		timer.start(100);
		expect(advance(350)).toBe(3);
		expect(seen).toEqual([100, 200, 300]);
	});

	it("reach a time that is further than the hardware timer can count", () => {
		const { native, timers, advance } = setup();
		const day = 86_400_000_000;
		const seen: number[] = [];
		timers.create(() => seen.push(native.time)).start(day);
		advance(2 * day);
		expect(seen).toEqual([day]);
	});

	it("set the hardware timer only for what is due earlier", () => {
		const { native, timers } = setup();
		timers.create(() => undefined).start(100);
		const later = timers.create(() => undefined);
		for (let count = 0; count < 10; count++) later.start(500 + count);
		expect(native.posted).toHaveLength(1);
	});

	it("fire everything that was started, in order, whatever was started when", () => {
		const starts = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 1000 })), {
			maxLength: 30,
		});
		fc.assert(
			fc.property(starts, (list) => {
				const { native, timers, advance } = setup();
				const expected: number[] = [];
				const seen: number[] = [];
				for (const [pause, delay] of list) {
					advance(native.time + pause);
					const due = native.time + delay;
					expected.push(due);
					timers
						.create(() => {
							expect(native.time).toBe(due);
							seen.push(due);
						})
						.start(delay);
				}
				advance(native.time + 2000);
				expect(seen.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
			}),
		);
	});
});
