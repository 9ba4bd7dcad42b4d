import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { H4Reader, type HostPacket } from "./h4-reader.ts";

function reading(maximumAcl = 251) {
	const packets: HostPacket[] = [];
	let losses = 0;
	const reader = new H4Reader(
		{
			packet: (packet) => packets.push(packet),
			lost: () => {
				losses += 1;
			},
		},
		maximumAcl,
	);
	return { reader, packets, losses: () => losses };
}

/** One HCI packet as octets, and what it says. */
const packet = fc.oneof(
	fc
		.record({ opcode: fc.nat(0xffff), parameters: fc.uint8Array({ maxLength: 255 }) })
		.map(({ opcode, parameters }) => ({
			bytes: [1, opcode & 0xff, opcode >> 8, parameters.length, ...parameters],
			said: { kind: "command", opcode, parameters } as HostPacket,
		})),
	fc
		.record({ handle: fc.nat(0xfff), continuing: fc.boolean(), data: fc.uint8Array({ maxLength: 251 }) })
		.map(({ handle, continuing, data }) => ({
			bytes: [2, handle & 0xff, (handle >> 8) | (continuing ? 0x10 : 0), data.length, 0, ...data],
			said: { kind: "acl", handle, continuing, data } as HostPacket,
		})),
);

describe("H4Reader", () => {
	it("finds every packet however the stream is cut", () => {
		fc.assert(
			fc.property(fc.array(packet, { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), (sent, step) => {
				const { reader, packets, losses } = reading();
				const stream = Uint8Array.from(sent.flatMap(({ bytes }) => bytes));
				for (let at = 0; at < stream.length; at += step) reader.push(stream.subarray(at, at + step));
				expect(packets).toEqual(sent.map(({ said }) => said));
				expect(losses()).toBe(0);
			}),
		);
	});

	it("skips everything after nonsense up to the next reset", () => {
		const { reader, packets, losses } = reading();
		reader.push(Uint8Array.of(0x77, 1, 9, 0x10, 0, 1, 1, 3, 0x0c, 0, 1, 9, 0x10, 0));
		expect(losses()).toBe(1);
		expect(packets.map((each) => each.kind === "command" && each.opcode)).toEqual([0x0c03, 0x1009]);
	});

	it("loses its place at ACL data longer than the buffers", () => {
		const { reader, packets, losses } = reading(27);
		reader.push(Uint8Array.of(2, 1, 0, 28, 0));
		expect([losses(), packets.length]).toEqual([1, 0]);
	});

	it("finds a reset after any garbage", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 600 }), (garbage) => {
				const { reader, packets } = reading(27);
				reader.push(garbage);
				// What was begun may swallow the longest packet there is before it is seen to be nonsense.
				reader.push(new Uint8Array(600).fill(0xff));
				reader.push(Uint8Array.of(1, 3, 0x0c, 0));
				const last = packets.at(-1);
				expect(last?.kind === "command" && last.opcode).toBe(0x0c03);
			}),
		);
	});
});
