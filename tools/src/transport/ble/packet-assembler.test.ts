import { HEADER_BYTES, writeHeader } from "@bodycam/protocol/smp/header";
import fc from "fast-check";
import { expect, it } from "vitest";
import { PacketAssembler } from "./packet-assembler.ts";

function packet(length: number, fill = 1): Uint8Array {
	const bytes = new Uint8Array(HEADER_BYTES + length).fill(fill);
	writeHeader(bytes, { operation: 1, version: 1, flags: 0, length, group: 0, sequence: 0, id: 0 });
	return bytes;
}

function parts(bytes: Uint8Array, room: number): Uint8Array[] {
	const cut: Uint8Array[] = [];
	for (let at = 0; at < bytes.length; at += room) cut.push(bytes.slice(at, at + room));
	return cut;
}

it("puts packets together from parts of any length that holds a header", () => {
	fc.assert(
		fc.property(
			fc.array(fc.integer({ min: 0, max: 1200 }), { maxLength: 4 }),
			fc.integer({ min: HEADER_BYTES, max: 495 }),
			(lengths, room) => {
				const whole: Uint8Array[] = [];
				const assembler = new PacketAssembler((bytes) => whole.push(bytes));
				const sent = lengths.map((length, index) => packet(length, index));
				for (const bytes of sent) for (const part of parts(bytes, room)) assembler.push(part);
				expect(whole).toEqual(sent);
			},
		),
	);
});

it("drops a packet that grows beyond its length and goes on with the next", () => {
	const whole: Uint8Array[] = [];
	const assembler = new PacketAssembler((bytes) => whole.push(bytes));
	const [first = new Uint8Array(0)] = parts(packet(20), 20);
	assembler.push(first);
	assembler.push(new Uint8Array(30));
	assembler.push(packet(5));
	expect(whole).toEqual([packet(5)]);
});

it("forgets a packet whose end does not come", () => {
	let now = 0;
	const whole: Uint8Array[] = [];
	const assembler = new PacketAssembler(
		(bytes) => whole.push(bytes),
		() => now,
	);
	assembler.push(packet(100).slice(0, 20));
	now += 60_000;
	assembler.push(packet(5));
	expect(whole).toEqual([packet(5)]);
});

it("takes any bytes without failing, and gives only packets of the length they say", () => {
	fc.assert(
		fc.property(fc.array(fc.uint8Array({ maxLength: 495 })), (values) => {
			const assembler = new PacketAssembler((bytes) => {
				expect(bytes.length).toBe(HEADER_BYTES + (((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)));
			});
			for (const value of values) assembler.push(value);
		}),
	);
});
