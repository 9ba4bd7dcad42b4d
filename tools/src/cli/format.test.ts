import { expect, test } from "vitest";
import {
	formatBytes,
	formatClock,
	formatCount,
	formatCounted,
	formatDuration,
	formatMoment,
	formatRate,
} from "./format.ts";

test.each([
	[0, "0 B"],
	[999, "999 B"],
	[1000, "1.00 kB"],
	[92_437, "92.4 kB"],
	[999_600, "1.00 MB"],
	[1_920_000, "1.92 MB"],
	[5_000_000_000_000_000, "5000 TB"],
])("%d bytes read as %s", (bytes, text) => {
	expect(formatBytes(bytes)).toBe(text);
});

test("a rate is bytes a second", () => {
	expect(formatRate(88_100)).toBe("88.1 kB/s");
});

test.each([
	[240, "240 ms"],
	[9_600, "9.60 s"],
	[59_960, "1 min 00 s"],
	[125_000, "2 min 05 s"],
	[3_840_000, "1 h 04 min"],
])("%d ms read as %s", (ms, text) => {
	expect(formatDuration(ms)).toBe(text);
});

test("counts are grouped by thousands", () => {
	expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(["0", "999", "1,000", "1,234,567"]);
});

test("camera time reads as hours, minutes, seconds and milliseconds", () => {
	expect(formatClock(3_723_045)).toBe("01:02:03.045");
});

test("a wall clock that is not set is called so", () => {
	expect(formatMoment(undefined)).toBe("clock not set");
	expect(formatMoment(Date.UTC(2026, 2, 1, 14, 5, 9))).toBe("2026-03-01 14:05:09Z");
});

test.each([
	[0, "0 recipients"],
	[1, "1 recipient"],
	[2, "2 recipients"],
	[1234, "1,234 recipients"],
])("%d of what is counted reads as %s", (count, text) => {
	expect(formatCounted(count, "recipient")).toBe(text);
});
