import { expect, test } from "vitest";
import type { CustodyEntryOf } from "./entry.ts";
import { checkNeighbours } from "./neighbours.ts";

const hash = (value: number) => new Uint8Array(32).fill(value);
const recording = (number: number, before: number, after: number, device = "cam") => ({
	header: { type: "header", device, recording: number, before: hash(before) } as CustodyEntryOf<"header">,
	hash: hash(after),
});
const codes = (...pair: readonly [ReturnType<typeof recording>, ReturnType<typeof recording>]) =>
	checkNeighbours(...pair).map(({ code, message }) => `${code}: ${message}`);

test("a recording follows the one whose hash it names", () => {
	expect(codes(recording(4, 1, 2), recording(5, 2, 3))).toEqual([]);
});

test("a replaced recording, or one whose end was taken away, shows", () => {
	expect(codes(recording(4, 1, 9), recording(5, 2, 3))).toEqual([
		expect.stringMatching(/^neighbour: .*replaced/),
	]);
});

test("a recording that was cut off may be named by the hash behind its header, a complete one may not", () => {
	const earlier = { ...recording(4, 1, 9), begun: hash(2) };
	for (const verdict of ["interrupted", "incomplete"] as const)
		expect(checkNeighbours({ ...earlier, verdict }, recording(5, 2, 3))).toEqual([]);
	for (const verdict of ["complete", "broken"] as const)
		expect(checkNeighbours({ ...earlier, verdict }, recording(5, 2, 3))).toHaveLength(1);
});

test("missing recordings are named", () => {
	expect(codes(recording(4, 1, 2), recording(6, 2, 3))).toEqual(["missing: recording 5 is missing"]);
	expect(codes(recording(4, 1, 2), recording(9, 2, 3))).toEqual(["missing: recordings 5 to 8 are missing"]);
});

test("a number that was there before, and another camera, show", () => {
	expect(codes(recording(5, 1, 2), recording(4, 2, 3))).toEqual([
		expect.stringMatching(/^neighbour: .*after/),
	]);
	expect(codes(recording(4, 1, 2), recording(5, 2, 3, "other"))).toEqual([
		expect.stringMatching(/two cameras/),
	]);
});

test("two recordings of one number show, whether they differ or are the same", () => {
	expect(codes(recording(4, 1, 2), recording(4, 1, 3))).toEqual([
		"neighbour: there are two different recordings 4 of this camera",
	]);
	expect(codes(recording(4, 1, 2), recording(4, 1, 2))).toEqual(["neighbour: recording 4 is there twice"]);
});

test("without a header nothing is taken for granted", () => {
	expect(checkNeighbours({ header: undefined, hash: undefined }, recording(5, 2, 3))).toHaveLength(1);
});
