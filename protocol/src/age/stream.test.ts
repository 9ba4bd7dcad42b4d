import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "../testing/hex.ts";
import { nodeAgeCrypto as crypto } from "../testing/node-age-crypto.ts";
import {
	CHUNK_BYTES,
	CHUNKS_MAX,
	chunkNonce,
	nonceSecondWord,
	payloadBytes,
	payloadKey,
	SEALED_CHUNK_BYTES,
} from "./stream.ts";

test.each([
	[0, false, "000000000000000000000000"],
	[0, true, "000000000000000000000001"],
	[1, false, "000000000000000000000100"],
	[0xff_ffff, true, "0000000000000000ffffff01"],
	[0x100_0000, false, "000000000000000100000000"],
	[CHUNKS_MAX - 1, true, "0000000000ffffffffffff01"],
])("the nonce of chunk %d, last %s, is %s", (index, last, hex) => {
	expect(toHex(chunkNonce(index, last))).toBe(hex);
});

test("no two chunks share a nonce", () => {
	const index = fc.maxSafeNat().map((value) => value % CHUNKS_MAX);
	fc.assert(
		fc.property(index, fc.boolean(), index, fc.boolean(), (a, lastA, b, lastB) => {
			fc.pre(a !== b || lastA !== lastB);
			expect(chunkNonce(a, lastA)).not.toEqual(chunkNonce(b, lastB));
		}),
	);
});

test.each([-1, 0.5, CHUNKS_MAX, Number.NaN])("there is no chunk %d", (index) => {
	expect(() => nonceSecondWord(index)).toThrow(RangeError);
});

test.each([
	[0, 16 + 16],
	[1, 16 + 1 + 16],
	[CHUNK_BYTES, 16 + SEALED_CHUNK_BYTES],
	[CHUNK_BYTES + 1, 16 + SEALED_CHUNK_BYTES + 1 + 16],
	[3 * CHUNK_BYTES, 16 + 3 * SEALED_CHUNK_BYTES],
])("%d bytes take %d behind the header", (bytes, sealed) => {
	expect(payloadBytes(bytes)).toBe(sealed);
});

test("a payload's key needs a whole file key and a whole nonce", () => {
	expect(() => payloadKey(new Uint8Array(15), new Uint8Array(16), crypto)).toThrow(RangeError);
	expect(() => payloadKey(new Uint8Array(16), new Uint8Array(12), crypto)).toThrow(RangeError);
	expect(payloadKey(new Uint8Array(16), new Uint8Array(16), crypto)).toHaveLength(32);
});
