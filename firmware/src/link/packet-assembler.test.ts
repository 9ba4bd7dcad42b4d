import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { PacketAssembler } from "./packet-assembler.ts";

const WRITE_AT = 4096;
const PACKET_MAX = 1024;
const SECOND = 1_000_000;

function setup() {
	const memory = createNodeMediaMemory(8192);
	const assembler = new PacketAssembler(memory, 0, PACKET_MAX);
	const add = (value: Uint8Array, now = 1): number[] | undefined => {
		memory.bytes.set(value, WRITE_AT);
		const length = assembler.add(WRITE_AT, value.length, now);
		return length === 0 ? undefined : [...memory.bytes.subarray(0, length)];
	};
	return { assembler, add };
}

/** A packet with so many bytes of payload. */
function packet(payload: number): Uint8Array {
	const bytes = Uint8Array.from({ length: 8 + payload }, (_value, index) => index % 256);
	bytes[2] = payload >> 8;
	bytes[3] = payload & 0xff;
	return bytes;
}

describe("PacketAssembler", () => {
	it("gives every packet whole, however it is cut", () => {
		const packets = fc.array(fc.integer({ min: 0, max: PACKET_MAX - 8 }), { maxLength: 5 });
		fc.assert(
			fc.property(packets, fc.integer({ min: 8, max: 512 }), (payloads, most) => {
				const { add, assembler } = setup();
				for (const payload of payloads) {
					const sent = packet(payload);
					let given: number[] | undefined;
					for (let at = 0; at < sent.length; at += most) {
						expect(given).toBeUndefined();
						given = add(sent.subarray(at, at + most));
					}
					expect(given).toEqual([...sent]);
				}
				expect(assembler.dropped).toBe(0);
			}),
		);
	});

	it("drops a first write without a whole header", () => {
		const { add, assembler } = setup();
		expect(add(packet(0).subarray(0, 7))).toBeUndefined();
		expect(assembler.dropped).toBe(1);
		expect(add(packet(3))).toEqual([...packet(3)]);
	});

	it("drops a packet whose last write is too long, and takes the next", () => {
		const { add, assembler } = setup();
		add(packet(20).subarray(0, 20));
		expect(add(new Uint8Array(9))).toBeUndefined();
		expect(assembler.dropped).toBe(1);
		expect(add(packet(3))).toEqual([...packet(3)]);
	});

	it("takes nothing of a packet that is longer than the buffer for another request", () => {
		const { add, assembler } = setup();
		const long = packet(PACKET_MAX);
		for (let at = 0; at < long.length; at += 200) expect(add(long.subarray(at, at + 200))).toBeUndefined();
		expect(assembler.dropped).toBe(1);
		expect(add(packet(3))).toEqual([...packet(3)]);
	});

	it("awaits the rest of a packet as long as a link may be silent, and no longer", () => {
		const { add, assembler } = setup();
		add(packet(20).subarray(0, 20), SECOND);
		expect(add(packet(20).subarray(20), 6 * SECOND)).toEqual([...packet(20)]);
		add(packet(20).subarray(0, 20), 10 * SECOND);
		expect(add(packet(3), 17 * SECOND)).toEqual([...packet(3)]);
		expect(assembler.dropped).toBe(1);
	});

	it("stays within its room whatever is written", () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 512 }), { maxLength: 30 }), (writes) => {
				const { add } = setup();
				for (const value of writes) expect(add(value)?.length ?? 0).toBeLessThanOrEqual(PACKET_MAX);
			}),
		);
	});
});
