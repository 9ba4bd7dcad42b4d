import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SegmentDigests } from "./segment-digests.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const fileOf = (bytes: number) => Uint8Array.from({ length: bytes }, (_, at) => (at * 7 + (at >> 8)) & 0xff);

/** Digests of segments of a file that is given in blocks from one buffer, as a reader that reuses it gives them. */
async function digests(file: Uint8Array, segments: readonly number[], blockBytes: number) {
	const hasher = new SegmentDigests();
	let offset = 0;
	const results = segments.map((bytes) => {
		const digest = hasher.expect({ offset, bytes });
		offset += bytes;
		return digest;
	});
	const block = new Uint8Array(blockBytes);
	for (let at = 0; at < file.length; at += blockBytes) {
		const part = file.subarray(at, at + blockBytes);
		block.set(part);
		await hasher.take({ at, bytes: block.subarray(0, part.length) });
		block.fill(0xee);
	}
	return Promise.all(results);
}

function expected(file: Uint8Array, segments: readonly number[]): Uint8Array[] {
	let offset = 0;
	return segments.map((bytes) => {
		offset += bytes;
		return sha256(file.subarray(offset - bytes, offset));
	});
}

test("segments of any length are hashed, however the file is cut into blocks", async () => {
	const lengths = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 30 });
	await fc.assert(
		fc.asyncProperty(lengths, fc.integer({ min: 1, max: 500 }), async (segments, blockBytes) => {
			const file = fileOf(segments.reduce((sum, bytes) => sum + bytes, 0) + 10);
			expect(await digests(file, segments, blockBytes)).toEqual(expected(file, segments));
		}),
		{ numRuns: 100 },
	);
});

test("a segment that no camera writes, longer than memory is given to, is hashed too", async () => {
	const segments = [100, 9 << 20, 100];
	const file = fileOf((9 << 20) + 200);
	expect(await digests(file, segments, 1 << 20)).toEqual(expected(file, segments));
});

test("more segments than may wait are hashed all the same", async () => {
	const segments = Array.from({ length: 50 }, () => 1 << 20);
	const file = fileOf(50 << 20);
	expect(await digests(file, segments, 1_000_000)).toEqual(expected(file, segments));
});

test("very short segments, far more than may wait, are hashed all the same", async () => {
	const segments = Array.from({ length: 3000 }, () => 3);
	const file = fileOf(9000);
	expect(await digests(file, segments, 4000)).toEqual(expected(file, segments));
});
