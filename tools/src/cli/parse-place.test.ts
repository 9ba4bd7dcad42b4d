import { describe, expect, test } from "vitest";
import { parsePart, parsePlace } from "./parse-place.ts";

describe("a place in a recording", () => {
	test.each([
		["90", 90],
		["0.5", 0.5],
		["1:30", 90],
		["61:00", undefined],
		["1:00:00.25", 3600.25],
		["1:60", undefined],
		["-1", undefined],
		["1:2:3:4", undefined],
		["", undefined],
		["1e3", undefined],
	])("%j is %j seconds", (text, seconds) => {
		if (seconds === undefined) expect(() => parsePlace(text)).toThrow("is no place in a recording");
		else expect(parsePlace(text)).toBe(seconds);
	});
});

describe("a part", () => {
	test("is two places", () => {
		expect(parsePart(["1:00", "1:30"])).toEqual({ from: 60, to: 90 });
	});

	test.each([
		[["1"], "1 is given"],
		[["1", "2", "file"], "3 are given"],
	])("%j are not two places", (texts, given) => {
		expect(() => parsePart(texts)).toThrow(`--clip takes two places, and ${given}`);
	});

	test("that ends before it begins is refused", () => {
		expect(() => parsePart(["2", "1"])).toThrow("has nothing in it");
	});
});
