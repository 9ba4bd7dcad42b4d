import { expect, test } from "vitest";
import {
	compareVersions,
	counterOfVersion,
	formatImageVersion,
	formatWireVersion,
	parseImageVersion,
} from "./version.ts";

test.each([
	["1.2.3+4", "1.2.3+4", "1.2.3.4"],
	["2.0.0+7", "2.0.0+7", "2.0.0.7"],
	["1.2.3", "1.2.3+0", "1.2.3"],
	["1.2", "1.2.0+0", "1.2.0"],
	["1", "1.0.0+0", "1.0.0"],
	["255.255.65535+4294967295", "255.255.65535+4294967295", "255.255.65535.4294967295"],
])("%s is %s to imgtool and %s on the wire", (text, printed, wire) => {
	expect(formatImageVersion(parseImageVersion(text))).toBe(printed);
	expect(formatWireVersion(parseImageVersion(text))).toBe(wire);
});

test.each([
	"",
	"v1",
	"1.2.3.4",
	"1..2",
	"-1",
	"256.0.0",
	"0.256",
	"0.0.65536",
	"1+4294967296",
	"1.2.3+",
	" 1",
])("%j is no version", (text) => {
	expect(() => parseImageVersion(text)).toThrow(RangeError);
});

test("the counter of a version leaves its build number out", () => {
	expect(counterOfVersion(parseImageVersion("1.2.3+9"))).toBe(0x0102_0003);
	expect(counterOfVersion(parseImageVersion("255.254.65535+1"))).toBe(0xfffe_ffff);
});

test("versions are ordered by their parts from the first", () => {
	const sorted = ["0.9", "1.0.0", "1.0.0+1", "1.0.1", "1.1", "2"].map(parseImageVersion);
	for (const [index, version] of sorted.entries())
		for (const [other, against] of sorted.entries())
			expect(Math.sign(compareVersions(version, against))).toBe(Math.sign(index - other));
});
