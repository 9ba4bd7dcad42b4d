import { expect, test } from "vitest";
import { isWallTime, WALL_TIME_MAX, WALL_TIME_MIN } from "./wall-time.ts";

test.each([
	[WALL_TIME_MIN, true],
	[Date.parse("2099-12-31T23:59:59.999Z"), true],
	[WALL_TIME_MIN - 1, false],
	[WALL_TIME_MAX + 1, false],
	[Date.parse("1969-07-20T20:17:00Z"), false],
	[WALL_TIME_MIN + 0.5, false],
	[Number.NaN, false],
])("%d is a time a clock can say: %s", (ms, expected) => {
	expect(isWallTime(ms)).toBe(expected);
});
