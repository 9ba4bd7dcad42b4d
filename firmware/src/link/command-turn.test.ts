import { describe, expect, it } from "vitest";
import { CommandTurn, TURN_IDLE } from "./command-turn.ts";

function setup() {
	const clock = { now: 5 };
	return { clock, turn: new CommandTurn<object>(() => clock.now), one: {}, other: {} };
}

describe("CommandTurn", () => {
	it("belongs to the first that asks, and to nobody else while it asks on", () => {
		const { clock, turn, one, other } = setup();
		expect(turn.begin(one)).toBe(true);
		turn.end(one);
		clock.now += TURN_IDLE - 1;
		expect(turn.begin(other)).toBe(false);
		expect(turn.begin(one)).toBe(true);
	});

	it("is anybody's when the holder has asked for nothing for a while", () => {
		const { clock, turn, one, other } = setup();
		turn.begin(one);
		turn.end(one);
		clock.now += TURN_IDLE;
		expect(turn.begin(other)).toBe(true);
		expect(turn.begin(one)).toBe(false);
	});

	it("stays with a holder whose request takes long", () => {
		const { clock, turn, one, other } = setup();
		turn.begin(one);
		clock.now += 10 * TURN_IDLE;
		expect(turn.begin(other)).toBe(false);
		turn.end(one);
		expect(turn.begin(other)).toBe(false);
		clock.now += TURN_IDLE;
		expect(turn.begin(other)).toBe(true);
	});

	it("is anybody's when the holder has gone, and does not count its late answers", () => {
		const { turn, one, other } = setup();
		turn.begin(one);
		turn.leave(one);
		expect(turn.begin(other)).toBe(true);
		turn.end(one);
		turn.leave(one);
		expect(turn.begin(one)).toBe(false);
	});
});
