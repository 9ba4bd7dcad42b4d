import fc from "fast-check";
import { expect, test } from "vitest";
import { HEADER_BYTES, readHeader, type SmpHeader, writeHeader } from "./header.ts";

const header: fc.Arbitrary<SmpHeader> = fc.record(
	{
		operation: fc.nat(7),
		version: fc.nat(3),
		flags: fc.nat(255),
		length: fc.nat(0xffff),
		group: fc.nat(0xffff),
		sequence: fc.nat(255),
		id: fc.nat(255),
	},
	{ noNullPrototype: true },
);

test("a header is read as it was written", () => {
	fc.assert(
		fc.property(header, (value) => {
			const packet = new Uint8Array(HEADER_BYTES);
			writeHeader(packet, value);
			expect(readHeader(packet)).toEqual(value);
		}),
	);
});

test("a v2 write of os echo has the bytes Zephyr expects", () => {
	const packet = new Uint8Array(HEADER_BYTES);
	writeHeader(packet, { operation: 2, version: 1, flags: 0, length: 9, group: 0, sequence: 0x39, id: 0 });
	expect([...packet]).toEqual([0x0a, 0, 0, 9, 0, 0, 0x39, 0]);
});

test("the reserved bits are not taken for the version", () => {
	expect(readHeader(Uint8Array.of(0xe0, 0, 0, 0, 0, 0, 0, 0))?.version).toBe(0);
});

test("less than 8 bytes is no header", () => {
	expect(readHeader(new Uint8Array(7))).toBeUndefined();
});
