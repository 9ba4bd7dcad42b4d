import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../testing/hex.ts";
import { encodeConsole } from "./console-framing.ts";
import { decodeRaw, encodeRaw, RawDecoder, rawFrameBytes } from "./raw-framing.ts";

const MAX = 600;
const packet = fc.uint8Array({ minLength: 1, maxLength: MAX });
/** Bytes with many zeros, as programs have them. */
const sparse = fc
	.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: MAX })
	.map((bytes) => Uint8Array.from(bytes));

function decode(...pieces: Uint8Array[]) {
	const packets: string[] = [];
	const other: number[] = [];
	const decoder = new RawDecoder({
		maxPacket: MAX,
		onPacket: (found) => packets.push(toHex(found)),
		onOther: (bytes) => other.push(...bytes),
	});
	for (const piece of pieces) decoder.push(piece);
	return { packets, other };
}

function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
	return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
		bytes.subarray(index * size, (index + 1) * size),
	);
}

test("a frame has the bytes of consistent overhead byte stuffing", () => {
	// CRC-16/XMODEM of 11 00 22 is 0x7073.
	expect(toHex(encodeRaw(Uint8Array.of(0x11, 0, 0x22)))).toBe("0002110422707300");
});

test.each([0, 1, 2, 251, 252, 253, 254, 255, 506, 507, 508])(
	"%i bytes without a zero come back, and are no longer than promised",
	(length) => {
		const bytes = new Uint8Array(length + 1).fill(7);
		const frame = encodeRaw(bytes);
		expect(frame.length).toBeLessThanOrEqual(rawFrameBytes(bytes.length));
		expect(decodeRaw(frame.subarray(1, -1))).toEqual(bytes);
	},
);

test("a frame has no zero but its delimiters, and its packet comes back however the line cuts it up", () => {
	fc.assert(
		fc.property(fc.oneof(packet, sparse), fc.integer({ min: 1, max: 40 }), (bytes, size) => {
			const frame = encodeRaw(bytes);
			expect(frame.subarray(1, -1).includes(0)).toBe(false);
			expect(frame.length).toBeLessThanOrEqual(rawFrameBytes(bytes.length));
			expect(decode(...inPieces(frame, size)).packets).toEqual([toHex(bytes)]);
		}),
	);
});

describe("on a line with other things", () => {
	const one = Uint8Array.of(1, 0, 2);
	const two = Uint8Array.of(3, 3, 3);

	test("text and console frames before, between and after are handed on", () => {
		const console = encodeConsole(Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 9));
		const { packets, other } = decode(console, encodeRaw(one), console, encodeRaw(two), console);
		expect(packets).toEqual([toHex(one), toHex(two)]);
		expect(other).toEqual([...console, ...console, ...console]);
	});

	test("a reader who begins in the middle of a frame loses at most the next one", () => {
		const { packets } = decode(encodeRaw(one).subarray(3), encodeRaw(one), encodeRaw(two), encodeRaw(one));
		expect(packets.slice(-2)).toEqual([toHex(two), toHex(one)]);
	});

	test("a damaged byte loses its own packet and at most the next", () => {
		fc.assert(
			fc.property(packet, fc.nat(), fc.integer({ min: 0, max: 255 }), (bytes, where, value) => {
				const frame = encodeRaw(bytes);
				frame[where % frame.length] = value;
				expect(decode(frame, encodeRaw(two), encodeRaw(one)).packets.at(-1)).toBe(toHex(one));
			}),
		);
	});

	test("a packet above the limit is dropped, and what comes after it is read", () => {
		const { packets } = decode(encodeRaw(new Uint8Array(MAX + 1).fill(1)), encodeRaw(two), encodeRaw(one));
		expect(packets).toEqual([toHex(two), toHex(one)]);
	});

	test("no bytes make it throw or give a packet with a wrong checksum", () => {
		fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decode(bytes)));
	});
});
