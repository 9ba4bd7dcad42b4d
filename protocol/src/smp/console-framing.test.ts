import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../testing/hex.ts";
import { ConsoleDecoder, encodeConsole, LINE_MAX } from "./console-framing.ts";
import { crc16 } from "./crc16.ts";

const MAX = 600;

function decode(...pieces: (Uint8Array | string)[]) {
	const packets: string[] = [];
	let text = "";
	const decoder = new ConsoleDecoder({
		maxPacket: MAX,
		onPacket: (packet) => packets.push(toHex(packet)),
		onText: (piece) => {
			text += `${Buffer.from(piece).toString("latin1")}|`;
		},
	});
	for (const piece of pieces) decoder.push(typeof piece === "string" ? Buffer.from(piece, "latin1") : piece);
	return { packets, text };
}

/** The base64 of a packet's body, unsplit. */
function base64Of(packet: Uint8Array): string {
	return lines(packet)
		.map((line) => line.slice(2))
		.join("");
}

function lines(packet: Uint8Array): string[] {
	return Buffer.from(encodeConsole(packet)).toString("latin1").split("\n").slice(0, -1);
}

const START = "\x06\x09";
const CONTINUE = "\x04\x14";
const packet = fc.uint8Array({ minLength: 1, maxLength: MAX });
const sample = Uint8Array.from({ length: 200 }, (_, index) => index);

test("the checksum is CRC-16/XMODEM", () => {
	expect(crc16(Buffer.from("123456789"))).toBe(0x31c3);
});

test("an echo request has the bytes of Zephyr's clients", () => {
	const request = Buffer.from("0a00000900003900a161646568656c6c6f", "hex");
	const body = Buffer.from([0, 19, ...request, 0, 0]);
	body.writeUInt16BE(crc16(request), 19);
	expect(Buffer.from(encodeConsole(request)).toString("latin1")).toBe(`${START}${body.toString("base64")}\n`);
});

test("no line is longer than 127 bytes, and only the first has the start marker", () => {
	fc.assert(
		fc.property(packet, (bytes) => {
			lines(bytes).forEach((line, index) => {
				expect(line.length + 1).toBeLessThanOrEqual(LINE_MAX);
				expect(line.slice(0, 2)).toBe(index === 0 ? START : CONTINUE);
			});
		}),
	);
});

test("packets come out of the bytes as they went in, however those are cut", () => {
	fc.assert(
		fc.property(
			fc.array(packet, { maxLength: 4 }),
			fc.array(fc.integer({ min: 1, max: 300 })),
			(sent, cuts) => {
				const stream = Buffer.concat(sent.map((bytes) => encodeConsole(bytes)));
				const pieces: Uint8Array[] = [];
				let at = 0;
				for (const cut of cuts) {
					pieces.push(stream.subarray(at, at + cut));
					at += cut;
				}
				pieces.push(stream.subarray(at));
				expect(decode(...pieces).packets).toEqual(sent.map(toHex));
			},
		),
	);
});

test("base64 may be split between lines anywhere", () => {
	fc.assert(
		fc.property(packet, fc.array(fc.integer({ min: 1, max: 50 })), (bytes, cuts) => {
			const whole = base64Of(bytes);
			let stream = START;
			let at = 0;
			for (const cut of cuts) {
				stream += `${whole.slice(at, at + cut)}\n${CONTINUE}`;
				at += cut;
			}
			expect(decode(`${stream}${whole.slice(at)}\n`).packets).toEqual([toHex(bytes)]);
		}),
	);
});

test("each line may be padded on its own", () => {
	const whole = Buffer.from(base64Of(sample), "base64");
	let stream = "";
	for (let at = 0; at < whole.length; at += 50)
		stream += `${at === 0 ? START : CONTINUE}${whole.subarray(at, at + 50).toString("base64")}\n`;
	expect(decode(stream).packets).toEqual([toHex(sample)]);
});

describe("other text on the port", () => {
	test("goes to its own callback by line, and packets pass between", () => {
		const [first, ...others] = lines(sample);
		const { packets, text } = decode(`booting\n${first}\nlog line\r\n${others.join("\n")}\nuart:~$ `, "\n");
		expect(packets).toEqual([toHex(sample)]);
		expect(text).toBe("booting|log line\r|uart:~$ |");
	});

	test("before a marker in the same line is cut off", () => {
		const { packets, text } = decode(`uart:~$ ${lines(Uint8Array.of(1)).join("\n")}\n`);
		expect(packets).toEqual(["01"]);
		expect(text).toBe("uart:~$ |");
	});

	test("without an end comes in bounded pieces", () => {
		expect(decode("x".repeat(600)).text).toBe(`${"x".repeat(256)}|${"x".repeat(256)}|`);
	});

	test("keeps the first byte of a marker that was none", () => {
		expect(decode("a\x06b\x04c\x06\x06\n").text).toBe("a\x06b\x04c\x06\x06|");
	});
});

describe("dropped silently, and the next packet passes", () => {
	const next = Buffer.from(encodeConsole(Uint8Array.of(9)));
	const [first = "", second = ""] = lines(sample);
	const flipped = Buffer.from(encodeConsole(Uint8Array.of(1, 2, 3)));
	flipped[6] = flipped[6] === 0x41 ? 0x42 : 0x41;
	test.each([
		["a stray continuation", `${second}\n`],
		["a packet cut off by a new start", `${first}\n`],
		["a line cut off by a new start", first.slice(0, 40)],
		["a wrong checksum", flipped.toString("latin1")],
		["an overlong packet", Buffer.from(encodeConsole(new Uint8Array(MAX + 1))).toString("latin1")],
		["a length that is no packet", `${START}AAE=\n`],
		["more bytes than the length says", `${lines(Uint8Array.of(1)).join("")}AAAA\n`],
		["a character that is no base64", `${first.slice(0, 20)}!${first.slice(21)}\n${second}\n`],
		["padding in the middle of a group", `${START}A=AAAAAA\n`],
		["a control character in a line", `${first.slice(0, 20)}\x06x${first.slice(20)}\n${second}\n`],
	])("%s", (_, garbage) => {
		expect(decode(garbage, next).packets).toEqual(["09"]);
	});
});

test("garbage without end holds no more than one packet", () => {
	const decoder = new ConsoleDecoder({ maxPacket: MAX, onPacket: () => expect.unreachable() });
	const line = Buffer.from(`${CONTINUE}${"A".repeat(100_000)}`);
	for (let round = 0; round < 20; round++) decoder.push(line);
});
