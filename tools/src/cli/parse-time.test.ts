import { expect, test } from "vitest";
import { parseTime } from "./parse-time.ts";

test.each([
	["2026-03-01T14:05Z", Date.UTC(2026, 2, 1, 14, 5)],
	["2028-02-29T23:59:59.5-01:00", Date.UTC(2028, 2, 1, 0, 59, 59, 500)],
])("%s is a time", (text, ms) => {
	expect(parseTime(text)).toBe(ms);
});

test.each([
	"2026-02-31T00:00:00Z",
	"2027-02-29T12:00:00Z",
	"2026-13-01T00:00:00Z",
	"2026-03-01T14:05",
	"now",
])("%s is none", (text) => {
	expect(() => parseTime(text)).toThrow(`${text} is not a time`);
});
