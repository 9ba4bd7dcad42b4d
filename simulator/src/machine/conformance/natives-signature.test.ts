import { createHash, createPublicKey, verify } from "node:crypto";
import { ed25519Public, ed25519Sign } from "@bodycam/firmware/ed25519";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call, SHARED_BYTES, SHARED_ROOM, sharedMachineFor, utf8 } from "./call-native.ts";
import rfc8032 from "./vectors/ed25519.json" with { type: "json" };

const hex = (data: Uint8Array) => Buffer.from(data).toString("hex");
const bytes = (digits: string) => new Uint8Array(Buffer.from(digits, "hex"));

const SEED = 0;
const KEY = 32;
const SIGNATURE = 64;
const MESSAGE = 128;

/** The order of the group, RFC 8032 section 5.1. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** Little-endian bytes as a number, and back to 32 of them. */
const number = (data: Uint8Array) => BigInt(`0x${Buffer.from(data).reverse().toString("hex")}`);
const littleEndian = (value: bigint) => bytes(value.toString(16).padStart(64, "0")).reverse();

/** SHA-512 of some parts, as a number. */
function sha512(...parts: readonly Uint8Array[]): bigint {
	return number(createHash("sha512").update(Buffer.concat(parts)).digest());
}

/** The scalar that a seed stands for, RFC 8032 section 5.1.5. */
function secretScalar(seed: Uint8Array): bigint {
	const lower = createHash("sha512").update(seed).digest().subarray(0, 32);
	return (number(lower) & ((1n << 254n) - 8n)) | (1n << 254n);
}

describe("Ed25519", () => {
	test.each(rfc8032.vectors)("has the values of RFC 8032: $name", (vector) => {
		const message = bytes(vector.message);
		const derive = sharedMachineFor("ed25519Public");
		derive.media.write(SEED, bytes(vector.seed));
		expect(call(derive, SEED, KEY)).toBeNull();
		expect(hex(derive.media.read(KEY, 32))).toBe(vector.key);

		const sign = sharedMachineFor("ed25519Sign");
		sign.media.write(SEED, bytes(vector.seed));
		sign.media.write(MESSAGE, message);
		expect(call(sign, SEED, MESSAGE, message.length, SIGNATURE)).toBeNull();
		expect(hex(sign.media.read(SIGNATURE, 64))).toBe(vector.signature);

		const verify = sharedMachineFor("ed25519Verify");
		verify.media.write(KEY, bytes(vector.key));
		verify.media.write(MESSAGE, message);
		verify.media.write(SIGNATURE, bytes(vector.signature));
		expect(call(verify, KEY, MESSAGE, message.length, SIGNATURE)).toBe(true);
	});

	test("no flipped bit of key, message or signature is valid", () => {
		const machine = sharedMachineFor("ed25519Verify");
		const seed = new Uint8Array(32).fill(7);
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), (message, choice) => {
				machine.media.write(KEY, ed25519Public(seed));
				machine.media.write(MESSAGE, message);
				machine.media.write(SIGNATURE, ed25519Sign(seed, message));
				expect(call(machine, KEY, MESSAGE, message.length, SIGNATURE)).toBe(true);
				const bit = choice % ((96 + message.length) * 8);
				const at = KEY + (bit >> 3);
				machine.media.write(at, Uint8Array.of((machine.media.read(at, 1)[0] ?? 0) ^ (1 << (bit & 7))));
				expect(call(machine, KEY, MESSAGE, message.length, SIGNATURE)).toBe(false);
			}),
			{ seed: 4, numRuns: 100 },
		);
	});

	test.each([
		["zero", "00".repeat(32)],
		["the neutral element", `01${"00".repeat(31)}`],
		["the neutral element with its sign set", `01${"00".repeat(30)}80`],
		["minus one, not in its shortest form", `ec${"ff".repeat(30)}7f`],
	])("a public key of small order is refused: %s", (_what, key) => {
		const machine = sharedMachineFor("ed25519Verify");
		machine.media.write(KEY, bytes(key));
		// R is the neutral element and S is 0: valid for every message under the neutral element.
		machine.media.write(SIGNATURE, bytes(`01${"00".repeat(63)}`));
		expect(call(machine, KEY, MESSAGE, 5, SIGNATURE)).toBe(false);
	});

	test("a signature whose first half is a point of small order is refused, also where the equation holds", () => {
		const seed = new Uint8Array(32).fill(11);
		const key = ed25519Public(seed);
		const message = utf8("any");
		// With the neutral element as R the equation [S]B = R + [h]A holds for S = h·a (RFC 8032 section 5.1.7).
		const r = bytes(`01${"00".repeat(31)}`);
		const s = (sha512(r, key, message) * secretScalar(seed)) % ORDER;
		const signature = Buffer.concat([r, littleEndian(s)]);
		const spki = Buffer.concat([bytes("302a300506032b6570032100"), key]);
		const publicKey = createPublicKey({ key: spki, format: "der", type: "spki" });
		expect(verify(null, message, publicKey, signature)).toBe(true);

		const machine = sharedMachineFor("ed25519Verify");
		machine.media.write(KEY, key);
		machine.media.write(MESSAGE, message);
		machine.media.write(SIGNATURE, signature);
		expect(call(machine, KEY, MESSAGE, message.length, SIGNATURE)).toBe(false);
	});

	test("a signature whose second half is not below the order of the group is refused", () => {
		const seed = new Uint8Array(32).fill(12);
		const message = utf8("any");
		const signature = ed25519Sign(seed, message);
		const machine = sharedMachineFor("ed25519Verify");
		machine.media.write(KEY, ed25519Public(seed));
		machine.media.write(MESSAGE, message);
		machine.media.write(SIGNATURE, signature);
		expect(call(machine, KEY, MESSAGE, message.length, SIGNATURE)).toBe(true);
		machine.media.write(SIGNATURE + 32, littleEndian(number(signature.subarray(32)) + ORDER));
		expect(call(machine, KEY, MESSAGE, message.length, SIGNATURE)).toBe(false);
	});

	test.each([0, 1, 63, 64, 65, 65_536, 65_537])("signs and verifies %i bytes at an odd offset", (length) => {
		const seed = new Uint8Array(32).fill(13);
		const message = new Uint8Array(length).map((_byte, i) => i * 7);
		const at = SHARED_ROOM + 1;
		const sign = sharedMachineFor("ed25519Sign");
		sign.media.write(SEED + 1, seed);
		sign.media.write(at, message);
		call(sign, SEED + 1, at, length, SIGNATURE + 1);
		const signature = sign.media.read(SIGNATURE + 1, 64).slice();
		expect(hex(signature)).toBe(hex(ed25519Sign(seed, message)));

		const verify = sharedMachineFor("ed25519Verify");
		verify.media.write(KEY + 1, ed25519Public(seed));
		verify.media.write(at, message);
		verify.media.write(SIGNATURE + 3, signature);
		expect(call(verify, KEY + 1, at, length, SIGNATURE + 3)).toBe(true);
	});

	test("the signature may be written over the message", () => {
		const machine = sharedMachineFor("ed25519Sign");
		const seed = new Uint8Array(32).fill(9);
		const message = new Uint8Array(64).fill(3);
		machine.media.write(SEED, seed);
		machine.media.write(MESSAGE, message);
		call(machine, SEED, MESSAGE, 64, MESSAGE);
		expect(hex(machine.media.read(MESSAGE, 64))).toBe(hex(ed25519Sign(seed, message)));
	});

	test.each([
		["ed25519Public", [SHARED_BYTES - 31, 0]],
		["ed25519Public", [0, SHARED_BYTES - 31]],
		["ed25519Sign", [SHARED_BYTES - 31, 0, 1, 64]],
		["ed25519Sign", [0, SHARED_BYTES, 1, 64]],
		["ed25519Sign", [0, 0, 1, SHARED_BYTES - 63]],
		["ed25519Verify", [SHARED_BYTES - 31, 0, 1, 64]],
		["ed25519Verify", [0, 1, SHARED_BYTES, 64]],
		["ed25519Verify", [0, 0, 1, SHARED_BYTES - 63]],
	] as const)("%s refuses to leave the media memory: %j", (native, numbers) => {
		expect(call(sharedMachineFor(native), ...numbers)).toMatch(/^RangeError/);
	});
});
