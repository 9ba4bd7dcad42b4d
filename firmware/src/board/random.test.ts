import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createFakeNative } from "../testing/fake-native.ts";
import { HmacGenerator } from "./random.ts";

/** HMAC_DRBG with SHA-256 as NIST SP 800-90A Rev. 1 writes it, on Node's HMAC. */
function reference(entropy: Uint8Array) {
	let key = Buffer.alloc(32, 0);
	let value = Buffer.alloc(32, 1);
	const hmac = (...parts: Uint8Array[]) => {
		return Buffer.from(createHmac("sha256", key).update(Buffer.concat(parts)).digest());
	};
	const update = (data: Uint8Array) => {
		for (const mark of data.length === 0 ? [0] : [0, 1]) {
			key = hmac(value, Uint8Array.of(mark), data);
			value = hmac(value);
		}
	};
	update(entropy);
	return (length: number): Buffer => {
		const blocks: Buffer[] = [];
		for (let done = 0; done < length; done += 32) {
			value = hmac(value);
			blocks.push(value);
		}
		update(new Uint8Array(0));
		return Buffer.concat(blocks).subarray(0, length);
	};
}

function generator(entropy: Uint8Array) {
	const native = createFakeNative(2048);
	return new HmacGenerator({ native, region: { at: 1024, bytes: 1024 }, entropy, seeded: true });
}

const ENTROPY = Uint8Array.from({ length: 32 }, (_value, index) => index * 5 + 1);

describe("random generator", () => {
	it.each([32, 48])("is HMAC_DRBG with SHA-256, instantiated with %i bytes", (length) => {
		const entropy = Uint8Array.from({ length }, (_value, index) => index * 7 + 3);
		const tested = generator(entropy);
		const expected = reference(entropy);
		for (const count of [1, 32, 33, 100, 0, 8]) {
			expect(Buffer.from(tested.bytes(count))).toEqual(expected(count));
		}
	});

	it("gives the same for the same entropy, and other for other", () => {
		expect(generator(ENTROPY).bytes(16)).toEqual(generator(ENTROPY).bytes(16));
		expect(generator(ENTROPY).bytes(16)).not.toEqual(generator(ENTROPY.toReversed()).bytes(16));
	});

	it.each([1, 32, 33, 100])("writes the same %i bytes to media memory", (length) => {
		const native = createFakeNative(2048);
		const options = { native, region: { at: 1024, bytes: 1024 }, entropy: ENTROPY, seeded: true };
		new HmacGenerator(options).fill(8, length);
		expect(native.bytes.slice(8, 8 + length)).toEqual(generator(ENTROPY).bytes(length));
		expect(native.bytes.slice(8 + length, 1024).every((byte) => byte === 0)).toBe(true);
	});

	it("gives numbers from 0 up to but not including 1, spread over the range", () => {
		const tested = generator(ENTROPY);
		const numbers = Array.from({ length: 200 }, () => tested.number());
		for (const number of numbers) {
			expect(number).toBeGreaterThanOrEqual(0);
			expect(number).toBeLessThan(1);
		}
		const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
		expect(Math.abs(mean - 0.5)).toBeLessThan(0.1);
	});

	it.each([31, 49, 0])("refuses %i bytes of entropy", (length) => {
		expect(() => generator(new Uint8Array(length))).toThrow(RangeError);
	});

	it("refuses to give more than 65536 bytes at a time", () => {
		expect(() => generator(ENTROPY).bytes(65_537)).toThrow(RangeError);
	});
});
