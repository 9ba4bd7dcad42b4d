import { encodeConsole } from "@bodycam/protocol/smp/console-framing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { ConsoleReceiver } from "./console-receiver.ts";

const PACKET_MAX = 600;
const INPUT_AT = 16_384;

/** A receiver, and what it finds in bytes that arrive in pieces. */
function receiver() {
	const memory = createNodeMediaMemory(32_768);
	const region = { at: 0, bytes: 8192 };
	const instance = new ConsoleReceiver({ memory, region, packetMax: PACKET_MAX });
	const receive = (bytes: Uint8Array, piece = bytes.length): Uint8Array[] => {
		const packets: Uint8Array[] = [];
		for (let done = 0; done < bytes.length; done += piece) {
			const part = bytes.subarray(done, done + piece);
			memory.bytes.set(part, INPUT_AT);
			for (let taken = 0; taken < part.length; ) {
				taken += instance.consume(INPUT_AT + taken, part.length - taken);
				if (instance.packetLength === 0) continue;
				packets.push(memory.bytes.slice(instance.packetAt, instance.packetAt + instance.packetLength));
			}
		}
		return packets;
	};
	return { receive, reset: () => instance.reset() };
}

function concat(...parts: (Uint8Array | string)[]): Uint8Array {
	return Uint8Array.from(parts.flatMap((part) => [...(typeof part === "string" ? Buffer.from(part) : part)]));
}

const packetOf = (length: number, seed = 1) =>
	Uint8Array.from({ length }, (_value, index) => index * 7 + seed);
const packets = fc.uint8Array({ minLength: 8, maxLength: PACKET_MAX });

describe("console receiver", () => {
	it("finds packets of any length, however the bytes are cut up", () => {
		fc.assert(
			fc.property(fc.array(packets, { maxLength: 4 }), fc.integer({ min: 1, max: 300 }), (sent, piece) => {
				const bytes = concat(...sent.map((packet) => encodeConsole(packet)));
				expect(receiver().receive(bytes, piece)).toEqual(sent);
			}),
			{ numRuns: 60 },
		);
	});

	it("takes base64 that is split within its groups of four", () => {
		const packet = packetOf(50);
		const text = Buffer.from(encodeConsole(packet)).subarray(2, -1).toString();
		const split = concat(
			"\x06\x09",
			text.slice(0, 7),
			"\n\x04\x14",
			text.slice(7, 9),
			"\n\x04\x14",
			text.slice(9),
			"\n",
		);
		expect(receiver().receive(split)).toEqual([packet]);
	});

	it("takes lines that end in CR LF", () => {
		const packet = packetOf(200);
		const text = Buffer.from(encodeConsole(packet)).toString("latin1").replaceAll("\n", "\r\n");
		expect(receiver().receive(Buffer.from(text, "latin1"))).toEqual([packet]);
	});

	it("passes over text between the lines, and before a marker", () => {
		const packet = packetOf(200);
		const lines = Buffer.from(encodeConsole(packet)).toString("latin1").split("\n");
		const mixed = lines.map((line) => `boot: hello\n${line}`).join("\n");
		expect(receiver().receive(Buffer.from(`uart$ ${mixed}\n`, "latin1"))).toEqual([packet]);
	});

	it("starts anew at a first marker in the middle of a line", () => {
		const packet = packetOf(30);
		const cut = encodeConsole(packetOf(90, 5)).subarray(0, 40);
		expect(receiver().receive(concat(cut, encodeConsole(packet)))).toEqual([packet]);
	});

	it("finds a packet after a megabyte of garbage without a line feed", () => {
		const packet = packetOf(300);
		const { receive } = receiver();
		const garbage = new Uint8Array(8192).fill(0x55);
		for (let count = 0; count < 128; count++) expect(receive(garbage)).toEqual([]);
		expect(receive(encodeConsole(packet))).toEqual([packet]);
	});

	it("drops a packet with a wrong checksum, and takes the next", () => {
		const packet = packetOf(100);
		const damaged = encodeConsole(packet);
		damaged[20] = damaged[20] === 65 ? 66 : 65;
		expect(receiver().receive(concat(damaged, encodeConsole(packet)))).toEqual([packet]);
	});

	it("drops a continuation without a beginning", () => {
		const lines = Buffer.from(encodeConsole(packetOf(200)))
			.toString("latin1")
			.split("\n");
		expect(receiver().receive(Buffer.from(`${lines.slice(1).join("\n")}\n`, "latin1"))).toEqual([]);
	});

	it("drops a packet above the largest size", () => {
		const packet = packetOf(PACKET_MAX);
		const bytes = concat(encodeConsole(packetOf(PACKET_MAX + 1)), encodeConsole(packet));
		expect(receiver().receive(bytes)).toEqual([packet]);
	});

	it("drops what is shorter than a header", () => {
		expect(receiver().receive(encodeConsole(packetOf(7)))).toEqual([]);
	});

	it("forgets a packet under way when the other end is opened anew", () => {
		const { receive, reset } = receiver();
		const packet = packetOf(200);
		receive(encodeConsole(packet).subarray(0, 130));
		reset();
		expect(receive(encodeConsole(packet))).toEqual([packet]);
	});

	it("survives any bytes, and takes a packet after them", () => {
		const noise = fc.array(
			fc.oneof(
				fc.uint8Array({ maxLength: 200 }),
				packets.map((packet) => encodeConsole(packet).subarray(0, 100)),
				fc.constantFrom(
					concat("\x06\x09"),
					concat("\x04\x14"),
					concat("\n"),
					concat("\x06\x09////"),
					concat("="),
				),
			),
			{ maxLength: 20 },
		);
		fc.assert(
			fc.property(noise, packets, fc.integer({ min: 1, max: 100 }), (parts, packet, piece) => {
				const { receive } = receiver();
				receive(concat(...parts), piece);
				expect(receive(concat("\n", encodeConsole(packet)), piece)).toEqual([packet]);
			}),
			{ numRuns: 100 },
		);
	});
});
