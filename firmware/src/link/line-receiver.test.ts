import { encodeConsole } from "@bodycam/protocol/smp/console-framing";
import { encodeRaw } from "@bodycam/protocol/smp/raw-framing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { LineReceiver } from "./line-receiver.ts";

const PACKET_MAX = 600;
const INPUT_AT = 32_768;

interface Found {
	readonly packet: Uint8Array;
	readonly raw: boolean;
}

/** A receiver, and what it finds in bytes that arrive in pieces. */
function receiver() {
	const memory = createNodeMediaMemory(65_536);
	const region = { at: 0, bytes: 16_384 };
	const instance = new LineReceiver({ memory, region, packetMax: PACKET_MAX });
	let time = 0;
	const receive = (bytes: Uint8Array, piece = bytes.length): Found[] => {
		const found: Found[] = [];
		for (let done = 0; done < bytes.length; done += piece) {
			const part = bytes.subarray(done, done + piece);
			memory.bytes.set(part, INPUT_AT);
			for (let taken = 0; taken < part.length; ) {
				taken += instance.consume(INPUT_AT + taken, part.length - taken, time);
				if (instance.packetLength === 0) continue;
				const { packetAt, packetLength, packetRaw } = instance;
				found.push({ packet: memory.bytes.slice(packetAt, packetAt + packetLength), raw: packetRaw });
			}
		}
		return found;
	};
	const pass = (us: number) => {
		time += us;
	};
	return { receive, pass, reset: () => instance.reset() };
}

const concat = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const packetOf = (length: number) => Uint8Array.from({ length }, (_value, index) => index * 7);
const sparse = fc
	.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })), { minLength: 8, maxLength: PACKET_MAX })
	.map((bytes) => Uint8Array.from(bytes));
const packets = fc.record({
	packet: fc.oneof(fc.uint8Array({ minLength: 8, maxLength: PACKET_MAX }), sparse),
	raw: fc.boolean(),
});
const framed = ({ packet, raw }: Found) => (raw ? encodeRaw(packet) : encodeConsole(packet));

describe("line receiver", () => {
	it("finds packets of both framings in any order, however the bytes are cut up", () => {
		fc.assert(
			fc.property(fc.array(packets, { maxLength: 5 }), fc.integer({ min: 1, max: 300 }), (sent, piece) => {
				expect(receiver().receive(concat(...sent.map(framed)), piece)).toEqual(sent);
			}),
			{ numRuns: 100 },
		);
	});

	it("drops a frame with a damaged byte, and loses at most the next one", () => {
		const next = { packet: packetOf(20), raw: true };
		fc.assert(
			fc.property(packets, fc.nat(), fc.integer({ min: 0, max: 255 }), ({ packet }, where, value) => {
				const bytes = encodeRaw(packet);
				bytes[where % bytes.length] = value;
				const found = receiver().receive(concat(bytes, framed(next), framed(next)));
				expect(found.at(-1)).toEqual(next);
			}),
			{ numRuns: 200 },
		);
	});

	it("drops what is longer than the largest packet, and goes on after it", () => {
		const next = { packet: packetOf(20), raw: true };
		const long = encodeRaw(new Uint8Array(PACKET_MAX + 40).fill(1));
		expect(receiver().receive(concat(long, framed(next), framed(next)))).toEqual([next, next]);
	});

	it("takes console frames again after a program was killed in the middle of a binary frame", () => {
		const { receive, pass } = receiver();
		receive(encodeRaw(packetOf(300)).subarray(0, 100));
		pass(600_000);
		const next = { packet: packetOf(20), raw: false };
		expect(receive(framed(next))).toEqual([next]);
	});

	it("forgets a frame when the other end is opened anew", () => {
		const { receive, reset } = receiver();
		receive(encodeRaw(packetOf(300)).subarray(0, 100));
		reset();
		const next = { packet: packetOf(20), raw: false };
		expect(receive(framed(next))).toEqual([next]);
	});

	it("makes no packet of random bytes, and takes one after them", () => {
		const next = { packet: packetOf(20), raw: true };
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
				const found = receiver().receive(concat(bytes, framed(next), framed(next)));
				expect(found.at(-1)).toEqual(next);
				expect(found.length).toBeLessThanOrEqual(2);
			}),
			{ numRuns: 200 },
		);
	});
});
