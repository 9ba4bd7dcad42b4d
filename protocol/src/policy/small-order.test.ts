import { createPublicKey, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex } from "../testing/hex.ts";
import { nodeAgeCrypto } from "../testing/node-age-crypto.ts";
import { testSigner } from "../testing/node-crypto.ts";
import { isSmallOrderEd25519, isSmallOrderX25519 } from "./small-order.ts";

const P = 2n ** 255n - 19n;

/** 32 bytes, little-endian. */
function bytesOf(value: bigint): Uint8Array {
	return Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}

const scalar = new Uint8Array(32).fill(7);

describe("an X25519 key of small order", () => {
	const ORDER_8 = [
		325606250916557431795983626356110631294008115727848805560023387167927233504n,
		39382357235489614581723060781553021112529911719440698176882885853963445705823n,
	];
	test.each([0n, 1n, P - 1n, P, P + 1n, ...ORDER_8].map((value) => [value]))(
		"%i is known, and shares the same secret with everybody",
		(value) => {
			const key = bytesOf(value);
			expect(isSmallOrderX25519(key)).toBe(true);
			expect(nodeAgeCrypto.sharedSecret(scalar, key)).toBeUndefined();
			key[31] = (key[31] ?? 0) | 0x80;
			expect(isSmallOrderX25519(key)).toBe(true);
		},
	);

	test("is none that shares a secret", () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
				expect(isSmallOrderX25519(key)).toBe(nodeAgeCrypto.sharedSecret(scalar, key) === undefined);
			}),
			{ numRuns: 100 },
		);
	});
});

describe("an Ed25519 key of small order", () => {
	/** The signature R = identity, s = 0: valid for every message whose hash is a multiple of the key's order. */
	const forged = Buffer.concat([bytesOf(1n), new Uint8Array(32)]);

	test.each([
		bytesOf(0n),
		bytesOf(1n),
		bytesOf(P - 1n),
		fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
		fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
	])("is known, and has signatures nobody needed a private key for", (key) => {
		expect(isSmallOrderEd25519(key)).toBe(true);
		const der = Buffer.concat([fromHex("302a300506032b6570032100"), key]);
		const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
		const messages = Array.from({ length: 200 }, (_, index) => Buffer.from([index]));
		expect(messages.some((message) => verify(null, message, publicKey, forged))).toBe(true);
	});

	test("is none that somebody signs with", () => {
		for (let seed = 0; seed < 20; seed++) expect(isSmallOrderEd25519(testSigner(seed).publicKey)).toBe(false);
	});
});
