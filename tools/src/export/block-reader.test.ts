import fc from "fast-check";
import { expect, test } from "vitest";
import { BlockReader } from "./block-reader.ts";
import type { Plaintext } from "./plaintext.ts";

const BYTES = 3_000_000;
const content = Uint8Array.from({ length: BYTES }, (_, index) => (index * 31 + (index >> 8)) & 0xff);

function source(): Plaintext & { asked: number[] } {
	const asked: number[] = [];
	return {
		asked,
		bytes: BYTES,
		read: async (offset, length) => {
			asked.push(offset);
			return content.slice(offset, offset + length);
		},
	};
}

test("any part is what the plaintext holds there", async () => {
	const reader = new BlockReader(source(), undefined);
	await fc.assert(
		fc.asyncProperty(fc.nat(BYTES - 1), fc.integer({ min: 1, max: 700_000 }), async (from, length) => {
			const to = Math.min(BYTES, from + length);
			expect(Buffer.compare(await reader.read(from, to), content.subarray(from, to))).toBe(0);
		}),
		{ numRuns: 60 },
	);
});

test("small parts one behind the other ask for every block once", async () => {
	const plaintext = source();
	const reader = new BlockReader(plaintext, undefined);
	for (let at = 0; at < 1_000_000; at += 10_000) await reader.read(at, at + 10_000);
	expect(plaintext.asked).toEqual([0, 262_144, 524_288, 786_432]);
});

test("what cannot be read fails for whoever asks for it", async () => {
	const failing: Plaintext = {
		bytes: BYTES,
		read: async () => {
			throw new Error("it was changed");
		},
	};
	await expect(new BlockReader(failing, undefined).read(0, 10)).rejects.toThrow("it was changed");
});
