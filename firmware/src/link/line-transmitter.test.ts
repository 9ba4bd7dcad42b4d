import { ConsoleDecoder, encodeConsole } from "@bodycam/protocol/smp/console-framing";
import { encodeRaw } from "@bodycam/protocol/smp/raw-framing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { LineTransmitter } from "./line-transmitter.ts";

const PACKET_MAX = 600;

const packetOf = (length: number, seed = 1) =>
	Uint8Array.from({ length }, (_value, index) => index * 7 + seed);
/** Bytes with many zeros, as programs have them. */
const sparse = fc
	.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })), { minLength: 8, maxLength: PACKET_MAX })
	.map((bytes) => Uint8Array.from(bytes));
const packets = fc.oneof(fc.uint8Array({ minLength: 8, maxLength: PACKET_MAX }), sparse);

/** A transmitter, and what a decoder makes of what it writes. */
function transmitter() {
	const memory = createNodeMediaMemory(16_384);
	const writes: Uint8Array[] = [];
	const instance = new LineTransmitter({
		memory,
		region: { at: 128, bytes: 4096 },
		packetMax: PACKET_MAX,
		write: (at, length) => writes.push(memory.bytes.slice(at, at + length)),
	});
	const decoded = () => {
		const found: Uint8Array[] = [];
		const decoder = new ConsoleDecoder({ maxPacket: PACKET_MAX, onPacket: (packet) => found.push(packet) });
		for (const bytes of writes) decoder.push(bytes);
		return found;
	};
	return { instance, writes, decoded };
}

describe("line transmitter", () => {
	it("writes exactly what the portable framings write", () => {
		fc.assert(
			fc.property(packets, fc.boolean(), (packet, raw) => {
				const { instance, writes } = transmitter();
				instance.send(packet, raw);
				expect(writes).toEqual([raw ? encodeRaw(packet) : encodeConsole(packet)]);
			}),
			{ numRuns: 200 },
		);
	});

	it.each([251, 252, 253, 254, 505, 506, 507])(
		"writes %i bytes without a zero as the portable framing",
		(length) => {
			const { instance, writes } = transmitter();
			const packet = new Uint8Array(length).fill(7);
			instance.send(packet, true);
			expect(writes).toEqual([encodeRaw(packet)]);
		},
	);

	it("collects what comes while a write is under way into one block", () => {
		const { instance, writes, decoded } = transmitter();
		const sent = [packetOf(50), packetOf(60, 2), packetOf(70, 3)];
		for (const packet of sent) instance.send(packet, false);
		expect(writes).toHaveLength(1);
		instance.written();
		expect(writes).toHaveLength(2);
		expect(decoded()).toEqual(sent);
	});

	it("says when a packet finds no room, and has room again after a write", () => {
		const { instance, decoded } = transmitter();
		const packet = packetOf(PACKET_MAX);
		let sent = 0;
		while (instance.hasRoom(packet.length)) {
			instance.send(packet, false);
			sent++;
		}
		expect(sent).toBeGreaterThan(1);
		expect(() => instance.send(packet, false)).toThrow(RangeError);
		instance.written();
		expect(instance.hasRoom(packet.length)).toBe(true);
		expect(decoded()).toHaveLength(sent);
	});

	it("refuses a region in which a packet does not fit", () => {
		const memory = createNodeMediaMemory(1024);
		const options = { memory, region: { at: 0, bytes: 1024 }, packetMax: PACKET_MAX, write: () => {} };
		expect(() => new LineTransmitter(options)).toThrow(RangeError);
	});
});
