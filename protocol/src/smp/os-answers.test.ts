import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GroupError, SmpError } from "./errors.ts";
import { isForced } from "./os.ts";
import { formatDatetime, formatInfo, parseDatetime } from "./os-answers.ts";

const info = { s: "S", n: "N", r: "R", v: "V", b: "B", m: "M", p: "P", i: "I", o: "O" };

describe("info", () => {
	test.each([
		[undefined, "S"],
		["", "S"],
		["a", "S N R V B M P I O"],
		["vs", "S V"],
		["ss", "S"],
		["oa", "S N R V B M P I O"],
	])("format %j gives %j", (format, output) => {
		expect(formatInfo(format, info)).toBe(output);
	});

	test("an unknown letter is an error of the group", () => {
		expect(() => formatInfo("sx", info)).toThrow(GroupError);
	});
});

describe("datetime", () => {
	test("what is written is read again, to the millisecond", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
				expect(parseDatetime(formatDatetime(ms))).toBe(ms);
			}),
		);
	});

	const base = Date.UTC(2026, 0, 2, 3, 4, 5);
	test.each([
		["2026-01-02T03:04:05", base],
		["2026-01-02 03:04:05", base],
		["2026-01-02T03:04:05Z", base],
		["2026-01-02T03:04:05.123456", base + 123],
		["2026-01-02T03:04:05.5", base + 500],
		["2026-01-02T03:04:05.123456+01:00", base + 123 - 3_600_000],
		["2026-01-02T03:04:05-0230", base + 9_000_000],
	])("%s is understood", (datetime, ms) => {
		expect(parseDatetime(datetime)).toBe(ms);
	});

	test.each([
		"banana",
		"",
		"2026-13-01T00:00:00",
		"2026-02-31T00:00:00",
		"2026-01-02T24:00:00",
		"2026-01-02",
	])("%j is refused", (datetime) => {
		expect(() => parseDatetime(datetime)).toThrow(SmpError);
	});
});

test("a reset is forced by true and 1 only", () => {
	expect([true, 1, 0, false, "yes", undefined].map((force) => isForced({ force }))).toEqual([
		true,
		true,
		false,
		false,
		false,
		false,
	]);
});
