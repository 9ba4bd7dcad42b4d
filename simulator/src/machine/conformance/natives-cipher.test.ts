import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call, SHARED_BYTES, SHARED_ROOM, sharedMachineFor } from "./call-native.ts";
import rfc8439 from "./vectors/chacha20-poly1305.json" with { type: "json" };

const hex = (data: Uint8Array) => Buffer.from(data).toString("hex");
const bytes = (digits: string) => new Uint8Array(Buffer.from(digits, "hex"));

const KEY = 0;
const NONCE = 32;
const DATA = 64;
const TAG = 512;
const FROM = 1024;
const TO = 4096;

/** One message under node:crypto. */
function expected(key: Uint8Array, nonce: Uint8Array, data: Uint8Array, plaintext: Uint8Array) {
	const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
	cipher.setAAD(data, { plaintextLength: plaintext.length });
	const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
	return { ciphertext, tag: cipher.getAuthTag() };
}

/** A machine with a key, a nonce and additional data in their places. */
function prepared(native: string, key: Uint8Array, nonce: Uint8Array, data: Uint8Array) {
	const machine = sharedMachineFor(native);
	machine.media.write(KEY, key);
	machine.media.write(NONCE, nonce);
	machine.media.write(DATA, data);
	return machine;
}

const KEY_BYTES = new Uint8Array(32).map((_byte, i) => i);
const NONCE_BYTES = new Uint8Array(12).fill(7);
const DATA_BYTES = Uint8Array.of(1, 2, 3);

describe("ChaCha20-Poly1305", () => {
	test.each(rfc8439.vectors)("has the values of RFC 8439: $name", (vector) => {
		const [key, nonce, data] = [bytes(vector.key), bytes(vector.nonce), bytes(vector.data)];
		const plaintext = bytes(vector.plaintext);
		const seal = prepared("chacha20Poly1305Seal", key, nonce, data);
		seal.media.write(FROM, plaintext);
		expect(call(seal, KEY, NONCE, DATA, data.length, FROM, plaintext.length, TO, TAG)).toBeNull();
		expect(hex(seal.media.read(TO, plaintext.length))).toBe(vector.ciphertext);
		expect(hex(seal.media.read(TAG, 16))).toBe(vector.tag);

		const open = prepared("chacha20Poly1305Open", key, nonce, data);
		open.media.write(FROM, bytes(vector.ciphertext));
		open.media.write(TAG, bytes(vector.tag));
		expect(call(open, KEY, NONCE, DATA, data.length, FROM, plaintext.length, TO, TAG)).toBe(true);
		expect(hex(open.media.read(TO, plaintext.length))).toBe(vector.plaintext);
	});

	test.each([0, 1, 15, 16, 17, 63, 64, 65, 65_536, 65_537])(
		"seals and opens %i bytes in place, at an odd offset, the tag appended",
		(length) => {
			const at = SHARED_ROOM + 1;
			const plaintext = new Uint8Array(length).map((_byte, i) => i * 7);
			const { ciphertext, tag } = expected(KEY_BYTES, NONCE_BYTES, DATA_BYTES, plaintext);
			const args = [KEY, NONCE, DATA, DATA_BYTES.length, at, length, at, at + length] as const;

			const seal = prepared("chacha20Poly1305Seal", KEY_BYTES, NONCE_BYTES, DATA_BYTES);
			seal.media.write(at, plaintext);
			expect(call(seal, ...args)).toBeNull();
			const sealed = Buffer.from(seal.media.read(at, length + 16));
			expect(sealed.equals(Buffer.concat([ciphertext, tag]))).toBe(true);

			const open = prepared("chacha20Poly1305Open", KEY_BYTES, NONCE_BYTES, DATA_BYTES);
			open.media.write(at, sealed);
			expect(call(open, ...args)).toBe(true);
			expect(Buffer.from(open.media.read(at, length)).equals(plaintext)).toBe(true);
		},
	);

	test("gives what node:crypto gives, whatever the bytes and offsets", () => {
		const seal = sharedMachineFor("chacha20Poly1305Seal");
		const open = sharedMachineFor("chacha20Poly1305Open");
		fc.assert(
			fc.property(
				fc.uint8Array({ minLength: 32, maxLength: 32 }),
				fc.uint8Array({ minLength: 12, maxLength: 12 }),
				fc.uint8Array({ maxLength: 300 }),
				fc.uint8Array({ maxLength: 1000 }),
				fc.nat({ max: 7 }),
				fc.boolean(),
				(key, nonce, data, plaintext, shift, inPlace) => {
					const { ciphertext, tag } = expected(key, nonce, data, plaintext);
					const from = FROM + shift;
					const to = inPlace ? from : TO + shift;
					const args = [
						KEY,
						NONCE,
						DATA + shift,
						data.length,
						from,
						plaintext.length,
						to,
						TAG + shift,
					] as const;
					for (const machine of [seal, open]) {
						machine.media.write(KEY, key);
						machine.media.write(NONCE, nonce);
						machine.media.write(DATA + shift, data);
					}
					seal.media.write(from, plaintext);
					expect(call(seal, ...args)).toBeNull();
					expect(hex(seal.media.read(to, plaintext.length))).toBe(hex(ciphertext));
					expect(hex(seal.media.read(TAG + shift, 16))).toBe(hex(tag));
					open.media.write(from, ciphertext);
					open.media.write(TAG + shift, tag);
					expect(call(open, ...args)).toBe(true);
					expect(hex(open.media.read(to, plaintext.length))).toBe(hex(plaintext));
				},
			),
			{ seed: 5, numRuns: 100 },
		);
	});

	test("a flipped bit anywhere is noticed, and the target stays as it was", () => {
		const machine = prepared("chacha20Poly1305Open", KEY_BYTES, NONCE_BYTES, DATA_BYTES);
		fc.assert(
			fc.property(
				fc.uint8Array({ minLength: 1, maxLength: 200 }),
				fc.nat(),
				fc.boolean(),
				(plaintext, choice, inPlace) => {
					const { ciphertext, tag } = expected(KEY_BYTES, NONCE_BYTES, DATA_BYTES, plaintext);
					machine.media.write(KEY, KEY_BYTES);
					machine.media.write(NONCE, NONCE_BYTES);
					machine.media.write(DATA, DATA_BYTES);
					machine.media.write(FROM, ciphertext);
					machine.media.write(TAG, tag);
					machine.media.write(TO, new Uint8Array(200).fill(0xee));
					const places = [
						[KEY, 32],
						[NONCE, 12],
						[DATA, DATA_BYTES.length],
						[FROM, ciphertext.length],
						[TAG, 16],
					].flatMap(([at = 0, length = 0]) => Array.from({ length }, (_, i) => at + i));
					const at = places[(choice >> 3) % places.length] ?? 0;
					machine.media.write(at, Uint8Array.of((machine.media.read(at, 1)[0] ?? 0) ^ (1 << (choice & 7))));
					const to = inPlace ? FROM : TO;
					const before = hex(machine.media.read(to, ciphertext.length));
					expect(call(machine, KEY, NONCE, DATA, 3, FROM, ciphertext.length, to, TAG)).toBe(false);
					expect(hex(machine.media.read(to, ciphertext.length))).toBe(before);
				},
			),
			{ seed: 6, numRuns: 100 },
		);
	});

	test.each([
		["the key", [KEY, NONCE, DATA, 3, FROM, 64, KEY + 31, TAG]],
		["the nonce", [KEY, NONCE, DATA, 3, FROM, 64, NONCE + 11, TAG]],
		["the additional data", [KEY, NONCE, DATA, 3, FROM, 64, DATA + 2, TAG]],
		["the tag", [KEY, NONCE, DATA, 3, FROM, 64, TAG - 63, TAG]],
		["the tag, in place", [KEY, NONCE, DATA, 3, FROM, 64, FROM, FROM + 63]],
		["the source without being it", [KEY, NONCE, DATA, 3, FROM, 64, FROM + 1, TAG]],
		["the source from before", [KEY, NONCE, DATA, 3, FROM, 64, FROM - 63, TAG]],
	] as const)("the target must not overlap %s", (_what, args) => {
		for (const native of ["chacha20Poly1305Seal", "chacha20Poly1305Open"])
			expect(call(sharedMachineFor(native), ...args)).toMatch(/^RangeError: .*the target overlaps/);
	});

	test.each([
		["the key", [SHARED_BYTES - 31, NONCE, DATA, 3, FROM, 64, TO, TAG]],
		["the nonce", [KEY, SHARED_BYTES - 11, DATA, 3, FROM, 64, TO, TAG]],
		["the additional data", [KEY, NONCE, SHARED_BYTES - 2, 3, FROM, 64, TO, TAG]],
		["additional data of any length", [KEY, NONCE, DATA, 0xffffffff, FROM, 64, TO, TAG]],
		["the source", [KEY, NONCE, DATA, 3, SHARED_BYTES - 63, 64, TO, TAG]],
		["a source of any length", [KEY, NONCE, DATA, 3, FROM, 0xffffffff, TO, TAG]],
		["the target", [KEY, NONCE, DATA, 3, FROM, 64, SHARED_BYTES - 63, TAG]],
		["the tag", [KEY, NONCE, DATA, 3, FROM, 64, TO, SHARED_BYTES - 15]],
		["a negative offset", [-1, NONCE, DATA, 3, FROM, 64, TO, TAG]],
	] as const)("refuses to leave the media memory: %s", (_what, args) => {
		for (const native of ["chacha20Poly1305Seal", "chacha20Poly1305Open"])
			expect(call(sharedMachineFor(native), ...args)).toMatch(/^RangeError/);
	});
});
