import { ConsoleDecoder, encodeConsole } from "@bodycam/protocol/smp/console-framing";
import { Operation, readHeader } from "@bodycam/protocol/smp/header";
import { osEcho, osParameters } from "@bodycam/protocol/smp/os";
import { decodeResponse, encodeRequest } from "@bodycam/protocol/smp/packet";
import { encodeRaw, RawDecoder } from "@bodycam/protocol/smp/raw-framing";
import { OPEN_SESSION } from "@bodycam/protocol/smp/role";
import { SmpServer } from "@bodycam/protocol/smp/server";
import { describe, expect, it } from "vitest";
import type { DatagramLinkOptions } from "../hal/datagram-link.ts";
import type { SerialOptions } from "../hal/serial.ts";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { DatagramEndpoint } from "./datagram-endpoint.ts";
import { BUFFER_BYTES, BUFFER_COUNT } from "./limits.ts";
import { SerialEndpoint } from "./serial-endpoint.ts";

const KIB = 1024;
const RECEIVE_AT = 256 * KIB;

/** A server whose echo answers when it is let, in any order; parameters are answered at once. */
function server() {
	const waiting: (() => void)[] = [];
	const instance = new SmpServer({ bufferSize: BUFFER_BYTES, bufferCount: BUFFER_COUNT });
	instance.register(osEcho, ({ d = "" }) => {
		return new Promise((resolve) => {
			waiting.push(() => resolve({ r: d }));
		});
	});
	instance.register(osParameters, () => ({ buf_size: BUFFER_BYTES, buf_count: BUFFER_COUNT }));
	return { instance, waiting };
}

const settle = async () => {
	for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

const sequenceOf = (packet: Uint8Array) => readHeader(packet)?.sequence;

function serial() {
	const memory = createNodeMediaMemory(512 * KIB);
	const { instance, waiting } = server();
	const writes: Uint8Array[] = [];
	const released: number[][] = [];
	const answers: Uint8Array[] = [];
	const rawAnswers: Uint8Array[] = [];
	const console = new ConsoleDecoder({
		maxPacket: BUFFER_BYTES,
		onPacket: (packet) => answers.push(packet),
	});
	const decoder = new RawDecoder({
		maxPacket: BUFFER_BYTES,
		onPacket: (packet) => rawAnswers.push(packet),
		onOther: (bytes) => console.push(bytes),
	});
	let port: Omit<SerialOptions, "port"> | undefined;
	new SerialEndpoint({
		memory,
		assembly: { at: 0, bytes: 32 * KIB },
		send: { at: 64 * KIB, bytes: 128 * KIB },
		server: instance,
		now: () => 0,
		session: () => OPEN_SESSION,
		openSerial: (options) => {
			port = options;
			return {
				release: (...range) => released.push(range),
				write: (at, length) => {
					const bytes = memory.bytes.slice(at, at + length);
					writes.push(bytes);
					decoder.push(bytes);
				},
				close: () => undefined,
			};
		},
	});
	let head = RECEIVE_AT;
	const take = (...frames: Uint8Array[]) => {
		const at = head;
		for (const frame of frames) {
			memory.bytes.set(frame, head);
			head += frame.length;
		}
		port?.onReadable(at, head - at);
	};
	const receive = (...packets: Uint8Array[]) => take(...packets.map(encodeConsole));
	return {
		take,
		receive,
		rawAnswers,
		answers,
		writes,
		released,
		waiting,
		written: () => port?.onWritten(0, 0),
	};
}

describe("serial endpoint", () => {
	it("answers a request", () => {
		const { receive, answers } = serial();
		receive(encodeRequest(osParameters, {}, 9));
		expect(answers.map(sequenceOf)).toEqual([9]);
		expect(readHeader(answers[0] as Uint8Array)?.operation).toBe(Operation.readResponse);
	});

	it("answers each request in the framing it came in", () => {
		const { take, answers, rawAnswers, written } = serial();
		const request = (sequence: number) => encodeRequest(osParameters, {}, sequence);
		take(encodeRaw(request(1)), encodeConsole(request(2)), encodeRaw(request(3)));
		written();
		expect(answers.map(sequenceOf)).toEqual([2]);
		expect(rawAnswers.map(sequenceOf)).toEqual([1, 3]);
	});

	it("answers in the order in which answers are ready", async () => {
		const { receive, answers, waiting, written } = serial();
		receive(encodeRequest(osEcho, { d: "a" }, 1), encodeRequest(osEcho, { d: "b" }, 2));
		waiting[1]?.();
		await settle();
		written();
		waiting[0]?.();
		await settle();
		expect(answers.map(sequenceOf)).toEqual([2, 1]);
		expect(answers.map((packet) => decodeResponse(osEcho, packet))).toMatchObject([
			{ response: { r: "b" } },
			{ response: { r: "a" } },
		]);
	});

	it("holds the sender back while as many requests are under way as it has buffers", async () => {
		const { receive, released, waiting } = serial();
		const requests = Array.from({ length: BUFFER_COUNT + 1 }, (_value, index) => {
			return encodeRequest(osEcho, { d: "x" }, index);
		});
		receive(...requests);
		expect(waiting).toHaveLength(BUFFER_COUNT);
		expect(released).toEqual([]);
		waiting[0]?.();
		await settle();
		expect(waiting).toHaveLength(BUFFER_COUNT + 1);
		expect(released).toHaveLength(1);
	});

	it("answers everything, also when the line takes nothing for a while", async () => {
		const { receive, answers, waiting, written } = serial();
		const text = "x".repeat(3500);
		const count = 40;
		for (let sequence = 0; sequence < count; sequence++)
			receive(encodeRequest(osEcho, { d: text }, sequence));
		for (let turn = 0; turn < 200 && answers.length < count; turn++) {
			for (const answer of waiting.splice(0)) answer();
			await settle();
			if (turn % 3 === 2) written();
		}
		expect(answers.map(sequenceOf).sort((a = 0, b = 0) => a - b)).toEqual(
			Array.from({ length: count }, (_, i) => i),
		);
	});
});

function datagrams() {
	const memory = createNodeMediaMemory(512 * KIB);
	const { instance, waiting } = server();
	const sent: { readonly packet: Uint8Array; readonly peer: number; readonly tag: number }[] = [];
	const released: number[][] = [];
	let port: Omit<DatagramLinkOptions, "port"> | undefined;
	new DatagramEndpoint({
		memory,
		send: { at: 0, bytes: 64 * KIB },
		server: instance,
		session: () => OPEN_SESSION,
		openLink: (options) => {
			port = options;
			return {
				release: (...range) => released.push(range),
				send: (at, length, peer, tag) =>
					sent.push({ packet: memory.bytes.slice(at, at + length), peer, tag }),
				close: () => undefined,
			};
		},
	});
	let head = RECEIVE_AT;
	const receive = (packet: Uint8Array, peer: number) => {
		const at = head;
		head += packet.length;
		memory.bytes.set(packet, at);
		port?.onDatagram(at, packet.length, peer);
	};
	return { receive, sent, released, waiting, freed: (tag: number) => port?.onSent(tag, 0) };
}

describe("datagram endpoint", () => {
	it("answers each peer", () => {
		const { receive, sent, released } = datagrams();
		receive(encodeRequest(osParameters, {}, 1), 11);
		receive(encodeRequest(osParameters, {}, 2), 22);
		expect(sent.map(({ packet, peer }) => [sequenceOf(packet), peer])).toEqual([
			[1, 11],
			[2, 22],
		]);
		expect(released).toHaveLength(2);
	});

	it("holds back what it has no buffer for, until a response is on its way", () => {
		const { receive, sent, freed } = datagrams();
		for (let sequence = 0; sequence <= BUFFER_COUNT; sequence++) {
			receive(encodeRequest(osParameters, {}, sequence), 1);
		}
		expect(sent).toHaveLength(BUFFER_COUNT);
		freed(sent[0]?.tag ?? 0);
		expect(sent).toHaveLength(BUFFER_COUNT + 1);
	});

	it("loses no buffer to datagrams that are too short for an answer", () => {
		const { receive, sent, freed } = datagrams();
		for (let count = 0; count < 100; count++) receive(Uint8Array.of(1, 2, 3), 1);
		for (let sequence = 0; sequence < 20; sequence++) {
			receive(encodeRequest(osParameters, {}, sequence), 1);
			freed(sent.at(-1)?.tag ?? 0);
		}
		expect(sent).toHaveLength(20);
	});

	it("answers one that is larger than its buffer with an error", () => {
		const { receive, sent } = datagrams();
		const large = new Uint8Array(BUFFER_BYTES + 100);
		large.set(encodeRequest(osParameters, {}, 5));
		receive(large, 1);
		expect(decodeResponse(osParameters, sent[0]?.packet as Uint8Array).ok).toBe(false);
	});
});
