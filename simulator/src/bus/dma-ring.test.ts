import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DmaRing } from "./dma-ring.ts";

const BASE = 1000;
const LENGTH = 256;

function ring(): DmaRing {
	const made = new DmaRing();
	made.configure(BASE, LENGTH);
	return made;
}

describe("DmaRing", () => {
	it("never lets payloads overlap or leave the buffer, and has all room back in the end", () => {
		const steps = fc.array(fc.record({ reserve: fc.boolean(), length: fc.integer({ min: 1, max: 100 }) }), {
			maxLength: 300,
		});
		fc.assert(
			fc.property(steps, (plan) => {
				const dma = ring();
				const held: { at: number; length: number }[] = [];
				for (const { reserve, length } of plan) {
					if (!reserve) {
						const oldest = held.shift();
						if (oldest) expect(dma.release(oldest.at, oldest.length)).toBe(true);
						continue;
					}
					const at = dma.reserve(length);
					if (at < 0) continue;
					expect(at).toBeGreaterThanOrEqual(BASE);
					expect(at + length).toBeLessThanOrEqual(BASE + LENGTH);
					for (const other of held) {
						expect(at + length <= other.at || other.at + other.length <= at).toBe(true);
					}
					held.push({ at, length });
				}
				for (const { at, length } of held) expect(dma.release(at, length)).toBe(true);
				expect(dma.used).toBe(0);
			}),
		);
	});

	it("finds room for half the buffer whenever it is empty", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: LENGTH / 2 }), { maxLength: 50 }), (lengths) => {
				const dma = ring();
				for (const length of lengths) {
					const at = dma.reserve(length);
					expect(at).toBeGreaterThanOrEqual(0);
					dma.release(at, length);
				}
			}),
		);
	});

	it("refuses a release out of order", () => {
		const dma = ring();
		dma.reserve(10);
		const second = dma.reserve(10);
		expect(dma.release(second, 10)).toBe(false);
	});

	it("keeps what is out when the same buffer is configured again", () => {
		const dma = ring();
		const at = dma.reserve(10);
		dma.configure(BASE, LENGTH);
		expect(dma.release(at, 10)).toBe(true);
	});
});
