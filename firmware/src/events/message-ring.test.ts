import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { MessageRing } from "./message-ring.ts";

const REGION = { at: 64, bytes: 8 * 8 + 100 };

function ring(messages = 8) {
	const memory = createNodeMediaMemory(512);
	const tested = new MessageRing({ memory, region: REGION, messages });
	const add = (length: number): number => {
		const at = tested.reserve(length);
		memory.bytes.fill(tested.next % 251, at, at + length);
		return tested.commit(length);
	};
	/** Every kept message has its length and its own bytes. */
	const check = (lengths: ReadonlyMap<number, number>) => {
		for (let number = tested.oldest; number < tested.next; number++) {
			const at = tested.atOf(number);
			const length = tested.lengthOf(number);
			expect(length).toBe(lengths.get(number));
			expect(memory.bytes.subarray(at, at + length).every((byte) => byte === number % 251)).toBe(true);
		}
	};
	return { memory, tested, add, check };
}

describe("message ring", () => {
	it("numbers messages from 1", () => {
		const { add, tested } = ring();
		expect([add(10), add(10)]).toEqual([1, 2]);
		expect(tested.oldest).toBe(1);
		expect(tested.next).toBe(3);
	});

	it("drops the oldest when the bytes are used up", () => {
		const { add, tested } = ring();
		for (let count = 0; count < 4; count++) add(30);
		expect(tested.oldest).toBe(2);
	});

	it("drops the oldest when the numbers are used up", () => {
		const { add, tested } = ring();
		for (let count = 0; count < 9; count++) add(1);
		expect(tested.oldest).toBe(2);
	});

	it("keeps each message in one piece, unharmed, whatever lengths come, and never leaves its region", () => {
		const steps = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 200 });
		fc.assert(
			fc.property(steps, (lengths) => {
				const { memory, add, check } = ring();
				const known = new Map<number, number>();
				for (const length of lengths) {
					known.set(add(length), length);
					check(known);
				}
				const outside = [...memory.bytes.subarray(0, 64), ...memory.bytes.subarray(64 + REGION.bytes)];
				expect(outside.every((byte) => byte === 0)).toBe(true);
			}),
		);
	});

	it("forgets what was reserved and not committed", () => {
		const { add, tested } = ring();
		tested.reserve(50);
		expect(add(10)).toBe(1);
	});

	it("refuses a message that can never fit", () => {
		expect(() => ring().tested.reserve(101)).toThrow(RangeError);
	});

	it("refuses to name a message that is not kept", () => {
		const { add, tested } = ring();
		for (let count = 0; count < 4; count++) add(40);
		expect(() => tested.atOf(1)).toThrow(RangeError);
		expect(() => tested.lengthOf(5)).toThrow(RangeError);
	});
});
