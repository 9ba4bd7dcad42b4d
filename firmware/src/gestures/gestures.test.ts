import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ButtonPair } from "./button-pair.ts";
import { BOTH_HOLD_MS, LONG_HOLD_MS } from "./gestures.ts";

const MS = 1000;
const DOUBLE_MS = 500;
const HOLD_MS = 3000;
const DEBOUNCE_MS = 15;

type Button = "event" | "function";

/** Two buttons in virtual time: edges and pauses in ms, gestures with their time in ms. */
function buttons() {
	const seen: { readonly name: string; readonly time: number }[] = [];
	const start = 1_000_000;
	const tell = (name: string, time: number) => seen.push({ name, time: (time - start) / MS });
	const pair = new ButtonPair(
		{
			doublePress: DOUBLE_MS * MS,
			hold: HOLD_MS * MS,
			longHold: LONG_HOLD_MS * MS,
			bothHold: BOTH_HOLD_MS * MS,
			debounce: DEBOUNCE_MS * MS,
		},
		{
			onGesture: (button, kind, time) => tell(`${button} ${kind}`, time),
			onBothHeld: (time) => tell("both hold", time),
		},
	);
	let now = start;
	const wait = (ms: number) => {
		const end = now + ms * MS;
		for (let ticks = 0; pair.due <= end; ticks++) {
			if (ticks > 100) throw new Error("the recogniser asks for ever more ticks");
			now = Math.max(now, pair.due);
			pair.tick(now);
		}
		now = end;
	};
	const edge = (pressed: boolean, button: Button = "event") => pair.edge(button, pressed, now);
	const press = (ms: number, button: Button = "event") => {
		edge(true, button);
		wait(ms);
		edge(false, button);
	};
	return {
		wait,
		edge,
		press,
		gestures: () => seen.map(({ name }) => name),
		times: () => seen.map(({ time }) => time),
	};
}

/** Presses of so many ms each with pauses of so many ms. */
function row(presses: readonly number[], pauses: readonly number[], button: Button): string[] {
	const { press, wait, gestures } = buttons();
	presses.forEach((ms, index) => {
		press(ms, button);
		wait(pauses[index] ?? 20_000);
	});
	return gestures();
}

describe("the event button", () => {
	it("tells a single press once no second one can follow, with the time of its edge", () => {
		const { press, wait, gestures, times } = buttons();
		press(100);
		wait(400);
		expect(gestures()).toEqual([]);
		wait(1);
		expect(gestures()).toEqual(["event press"]);
		expect(times()).toEqual([0]);
	});

	it("takes two presses within half a second for a double press, at the time of the second edge", () => {
		const { press, wait, gestures, times } = buttons();
		press(100);
		wait(150);
		press(100);
		wait(5000);
		expect(gestures()).toEqual(["event double-press"]);
		expect(times()).toEqual([250]);
	});

	it("tells a double press while the button is still down", () => {
		const { press, wait, edge, gestures } = buttons();
		press(100);
		wait(100);
		edge(true);
		wait(DEBOUNCE_MS);
		expect(gestures()).toEqual(["event double-press"]);
	});

	it("takes presses further apart for two single ones", () => {
		expect(row([100, 100], [450], "event")).toEqual(["event press", "event press"]);
	});

	it("takes a row of presses in a hurry for one double press", () => {
		for (const count of [2, 3, 4, 5, 8]) {
			expect(row(Array(count).fill(80), Array(count - 1).fill(80), "event")).toEqual(["event double-press"]);
		}
	});

	it("takes a press of three seconds for a hold, while it is still down", () => {
		const { edge, wait, gestures, times } = buttons();
		edge(true);
		wait(HOLD_MS);
		expect(gestures()).toEqual(["event hold"]);
		expect(times()).toEqual([HOLD_MS]);
	});

	it("tells a hold once, however long it lasts", () => {
		expect(row([20_000], [], "event")).toEqual(["event hold"]);
	});

	it("takes a hold that was let go too early for nothing, not for a press", () => {
		expect(row([2900], [], "event")).toEqual([]);
		expect(row([600], [], "event")).toEqual([]);
	});

	it("is not held by a release that settles after the three seconds but came before", () => {
		expect(row([2995], [], "event")).toEqual([]);
	});

	it("makes no hold of a double press that is kept down", () => {
		expect(row([100, 10_000], [100], "event")).toEqual(["event double-press"]);
		expect(row([100, 100, 10_000], [100, 100], "event")).toEqual(["event double-press"]);
	});

	it("makes one press of bouncing contacts", () => {
		const { edge, wait, press, gestures, times } = buttons();
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
		expect(gestures()).toEqual(["event double-press"]);
		expect(times()).toEqual([216]);
	});

	it("takes a spike shorter than the debounce time for nothing", () => {
		expect(row(Array(10).fill(5), Array(9).fill(100), "event")).toEqual([]);
	});
});

describe("the function button", () => {
	it("counts presses in a row and tells them when the row is over, with the time of the first", () => {
		expect(row([100], [], "function")).toEqual(["function press"]);
		expect(row([100, 100], [100], "function")).toEqual(["function double-press"]);
		expect(row([100, 100, 100], [100, 100], "function")).toEqual(["function triple-press"]);
		const { press, wait, times } = buttons();
		press(100, "function");
		wait(100);
		press(100, "function");
		wait(1000);
		expect(times()).toEqual([0]);
	});

	it("takes more than three presses for fumbling", () => {
		expect(row(Array(4).fill(80), Array(3).fill(80), "function")).toEqual([]);
	});

	it("tells a press that is kept down from one that follows another", () => {
		expect(row([4000], [], "function")).toEqual(["function hold"]);
		expect(row([100, 4000], [100], "function")).toEqual(["function press-hold"]);
		expect(row([100, 100, 4000], [100, 100], "function")).toEqual([]);
	});

	it("tells a long hold after the hold it begins with", () => {
		expect(row([9900], [], "function")).toEqual(["function hold"]);
		expect(row([10_100], [], "function")).toEqual(["function hold", "function long-hold"]);
		expect(row([100, 11_000], [100], "function")).toEqual(["function press-hold"]);
	});

	it("takes a hold that was let go too early for nothing", () => {
		expect(row([2900], [], "function")).toEqual([]);
		expect(row([100, 2900], [100], "function")).toEqual([]);
	});
});

describe("both buttons", () => {
	/** Both down for a time, one after the other. */
	function both(first: Button, apartMs: number, togetherMs: number) {
		const rig = buttons();
		const second = first === "event" ? "function" : "event";
		rig.edge(true, first);
		rig.wait(apartMs);
		rig.edge(true, second);
		rig.wait(togetherMs);
		rig.edge(false, first);
		rig.wait(30);
		rig.edge(false, second);
		rig.wait(20_000);
		return rig;
	}

	it("kept down for a second are told at the end of that second, whichever came first", () => {
		for (const first of ["event", "function"] as const) {
			const { gestures, times } = both(first, 200, 1500);
			expect(gestures()).toEqual(["both hold"]);
			expect(times()).toEqual([200 + BOTH_HOLD_MS]);
		}
	});

	it("make no gesture when they are let go earlier", () => {
		for (const first of ["event", "function"] as const) expect(both(first, 50, 900).gestures()).toEqual([]);
	});

	it("make neither a hold nor a long hold of their own", () => {
		expect(both("event", 100, 15_000).gestures()).toEqual(["both hold"]);
	});

	it("can be used singly again when both have been let go", () => {
		const { press, wait, gestures } = both("function", 50, 500);
		press(100);
		wait(1000);
		press(100, "function");
		wait(1000);
		expect(gestures()).toEqual(["event press", "function press"]);
	});
});

describe("timing", () => {
	const button = fc.constantFrom<Button>("event", "function");
	const tap = fc.integer({ min: DEBOUNCE_MS, max: 200 });
	const gap = fc.integer({ min: DEBOUNCE_MS, max: 200 });

	it("a press with any bounce up to the debounce time is the press without it", () => {
		const chatter = fc.array(fc.integer({ min: 1, max: DEBOUNCE_MS - 1 }), { maxLength: 8 });
		fc.assert(
			fc.property(button, chatter, chatter, fc.integer({ min: 50, max: 300 }), (which, on, off, held) => {
				const { edge, wait, gestures } = buttons();
				let level = false;
				const settle = (to: boolean, pauses: readonly number[]) => {
					for (const pause of pauses) {
						level = !level;
						edge(level, which);
						wait(pause);
					}
					level = to;
					edge(to, which);
				};
				settle(true, on);
				wait(held);
				settle(false, off);
				wait(2000);
				const lasted = held + [...on, ...off].reduce((sum, ms) => sum + ms, 0);
				if (lasted <= DOUBLE_MS) expect(gestures()).toEqual([`${which} press`]);
				else expect([[], [`${which} press`]]).toContainEqual(gestures());
			}),
		);
	});

	it("spikes on either button are never a gesture", () => {
		const spike = fc.record({
			button,
			ms: fc.integer({ min: 1, max: DEBOUNCE_MS - 1 }),
			pause: fc.integer({ min: DEBOUNCE_MS, max: 1000 }),
		});
		fc.assert(
			fc.property(fc.array(spike, { maxLength: 20 }), (spikes) => {
				const { press, wait, gestures } = buttons();
				for (const { button: which, ms, pause } of spikes) {
					press(ms, which);
					wait(pause);
				}
				wait(20_000);
				expect(gestures()).toEqual([]);
			}),
		);
	});

	it("a press kept down at most until the double press's time is a press, longer and below the hold is nothing, and from there on a hold", () => {
		fc.assert(
			fc.property(button, fc.integer({ min: DEBOUNCE_MS, max: 9_900 }), (which, held) => {
				const expected = held <= DOUBLE_MS ? ["press"] : held < HOLD_MS ? [] : ["hold"];
				expect(row([held], [], which)).toEqual(expected.map((kind) => `${which} ${kind}`));
			}),
			{
				examples: [DOUBLE_MS, DOUBLE_MS + 1, HOLD_MS - 1, HOLD_MS].map((held): [Button, number] => [
					"event",
					held,
				]),
			},
		);
	});

	it("two presses are a double press exactly when the second begins in time", () => {
		fc.assert(
			fc.property(
				tap,
				fc.integer({ min: DEBOUNCE_MS, max: 900 }),
				fc.integer({ min: DEBOUNCE_MS, max: 400 }),
				(first, pause, second) => {
					const seen = row([first, second], [pause], "event");
					if (first + pause <= DOUBLE_MS) expect(seen).toEqual(["event double-press"]);
					else expect(seen).toEqual(["event press", "event press"]);
				},
			),
		);
	});

	it("a hurried row on the event button always starts and never stops", () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(tap, gap), { minLength: 2, maxLength: 12 }), tap, (taps, last) => {
				const seen = row(
					[...taps.map(([ms]) => ms), last],
					taps.map(([, pause]) => pause),
					"event",
				);
				expect(seen).toEqual(["event double-press"]);
			}),
		);
	});

	it("any edges: no more gestures than presses allow, in order, and nothing is left pending", () => {
		const steps = fc.array(fc.tuple(button, fc.boolean(), fc.integer({ min: 0, max: 4000 })), {
			maxLength: 60,
		});
		fc.assert(
			fc.property(steps, (edges) => {
				const { edge, wait, gestures } = buttons();
				for (const [which, level, pause] of edges) {
					edge(level, which);
					wait(pause);
				}
				edge(false, "event");
				edge(false, "function");
				wait(20_000);
				const presses = edges.filter(([, level]) => level).length;
				// A press of the function button can be a hold and then a long one.
				expect(gestures().length).toBeLessThanOrEqual(2 * presses);
				const told = gestures().length;
				wait(60_000);
				expect(gestures().length).toBe(told);
			}),
		);
	});
});
