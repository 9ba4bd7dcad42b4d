import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Gesture, GestureRecognizer } from "./gestures.ts";

const MS = 1000;

/** A recogniser in virtual time: edges and pauses in ms, gestures with their time in ms. */
function button() {
	const seen: [Gesture, number][] = [];
	const recognizer = new GestureRecognizer({
		times: { doublePress: 500 * MS, hold: 3000 * MS, debounce: 15 * MS },
		onGesture: (gesture, time) => seen.push([gesture, time / MS]),
	});
	let now = 1_000_000;
	const start = now;
	const wait = (ms: number) => {
		const end = now + ms * MS;
		while (recognizer.due <= end) {
			now = Math.max(now, recognizer.due);
			recognizer.tick(now);
		}
		now = end;
	};
	const edge = (pressed: boolean) => recognizer.edge(pressed, now);
	const press = (ms: number) => {
		edge(true);
		wait(ms);
		edge(false);
	};
	return {
		wait,
		edge,
		press,
		gestures: () => seen.map(([gesture]) => gesture),
		times: () => seen.map(([, time]) => time - start / MS),
	};
}

describe("gestures", () => {
	it("a single press is none", () => {
		const { press, wait, gestures } = button();
		press(100);
		wait(5000);
		expect(gestures()).toEqual([]);
	});

	it("two presses within half a second are a double press, at the time of the second edge", () => {
		const { press, wait, gestures, times } = button();
		press(100);
		wait(150);
		press(100);
		wait(5000);
		expect(gestures()).toEqual(["double-press"]);
		expect(times()).toEqual([250]);
	});

	it("two presses further apart are none", () => {
		const { press, wait, gestures } = button();
		press(100);
		wait(450);
		press(100);
		wait(5000);
		expect(gestures()).toEqual([]);
	});

	it("three presses are one double press", () => {
		const { press, wait, gestures } = button();
		for (let count = 0; count < 3; count++) {
			press(80);
			wait(80);
		}
		wait(5000);
		expect(gestures()).toEqual(["double-press"]);
	});

	it("a press of three seconds is a hold, while it is still down", () => {
		const { edge, wait, gestures, times } = button();
		edge(true);
		wait(3000);
		expect(gestures()).toEqual(["hold"]);
		expect(times()).toEqual([3000]);
	});

	it("a hold is told once, however long it lasts", () => {
		const { press, wait, gestures } = button();
		press(20_000);
		wait(100);
		expect(gestures()).toEqual(["hold"]);
	});

	it("a press of 2.9 seconds is no hold", () => {
		const { press, wait, gestures } = button();
		press(2900);
		wait(5000);
		expect(gestures()).toEqual([]);
	});

	it("a release that settles after the three seconds, but came before, prevents the hold", () => {
		const { press, wait, gestures } = button();
		press(2995);
		wait(5000);
		expect(gestures()).toEqual([]);
	});

	it("a second press that is kept down does not become a hold", () => {
		const { press, wait, gestures } = button();
		press(100);
		wait(100);
		press(10_000);
		wait(100);
		expect(gestures()).toEqual(["double-press"]);
	});

	it("bouncing contacts make one press", () => {
		const { edge, wait, press, gestures, times } = button();
		for (const level of [true, false, true, false, true]) {
			edge(level);
			wait(2);
		}
		wait(100);
		for (const level of [false, true, false]) {
			edge(level);
			wait(2);
		}
		wait(100);
		expect(gestures()).toEqual([]);
		press(100);
		wait(100);
		expect(gestures()).toEqual(["double-press"]);
		expect(times()).toEqual([216]);
	});

	it("a spike shorter than the debounce time is nothing", () => {
		const { press, wait, gestures } = button();
		for (let count = 0; count < 10; count++) {
			press(5);
			wait(100);
		}
		expect(gestures()).toEqual([]);
	});

	it("any edges: never more gestures than presses, and time never goes back", () => {
		const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 4000 })), { maxLength: 60 });
		fc.assert(
			fc.property(steps, (edges) => {
				const { edge, wait, gestures, times } = button();
				for (const [level, pause] of edges) {
					edge(level);
					wait(pause);
				}
				wait(5000);
				const told = times();
				expect(gestures().length).toBeLessThanOrEqual(edges.filter(([level]) => level).length);
				expect(told).toEqual([...told].sort((a, b) => a - b));
			}),
		);
	});
});
