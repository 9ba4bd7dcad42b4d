import { describe, expect, it } from "vitest";
import { createRandomness } from "./random.ts";

function numbers(seed: number | undefined, name: string): number[] {
	const stream = createRandomness(seed).stream(name);
	return Array.from({ length: 8 }, () => stream.u32());
}

describe("randomness", () => {
	it("gives the same numbers for the same seed and name", () => {
		expect(numbers(7, "card")).toEqual(numbers(7, "card"));
	});

	it("gives other numbers for another seed or another name", () => {
		expect(numbers(7, "card")).not.toEqual(numbers(8, "card"));
		expect(numbers(7, "card")).not.toEqual(numbers(7, "entropy"));
	});

	it("differs from run to run without a seed", () => {
		expect(numbers(undefined, "card")).not.toEqual(numbers(undefined, "card"));
	});

	it("fills every byte of a length that is not a multiple of four", () => {
		const seen = new Uint8Array(7);
		const stream = createRandomness(3).stream("x");
		for (let round = 0; round < 20; round++) {
			const bytes = new Uint8Array(7);
			stream.fill(bytes);
			for (let at = 0; at < 7; at++) seen[at] = (seen[at] ?? 0) | (bytes[at] ?? 0);
		}
		expect([...seen].every((byte) => byte !== 0)).toBe(true);
	});
});
