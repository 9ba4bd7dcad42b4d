import { HEADER_BYTES, Operation, readHeader } from "@bodycam/protocol/smp/header";
import { osEcho } from "@bodycam/protocol/smp/os";
import { decodeResponse, encodeRequest } from "@bodycam/protocol/smp/packet";
import { OPEN_SESSION } from "@bodycam/protocol/smp/role";
import { SmpServer } from "@bodycam/protocol/smp/server";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GattConnection, GattParameters, GattServerOptions } from "../hal/gatt-server.ts";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { createVirtualTimers } from "../testing/virtual-timers.ts";
import { TURN_IDLE } from "./command-turn.ts";
import { IDLE_AFTER, IDLE_PARAMETERS, TRANSFER_PARAMETERS } from "./connection-use.ts";
import { GattCounters } from "./gatt-counters.ts";
import {
	CROWDED_IDLE,
	GATT_ASSEMBLY_BYTES,
	GATT_CLIENTS,
	GATT_SEND_BYTES,
	GattEndpoint,
} from "./gatt-endpoint.ts";
import { BUFFER_BYTES, BUFFER_COUNT } from "./limits.ts";

const SEND_AT = 64 * 1024;
const RECEIVE_AT = 128 * 1024;
const ROOM = 4;

/** A client as the driver would give it: takes so many notifications until the test lets them go. */
class FakeConnection implements GattConnection {
	maximumWrite = 20;
	interval = 30_000;
	encrypted = false;
	open = true;
	closed = false;
	readonly asked: GattParameters[] = [];
	readonly values: Uint8Array[] = [];
	readonly tags: number[] = [];
	private readonly bytes: Uint8Array;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	notify(_characteristic: number, at: number, length: number, tag: number): boolean {
		if (!this.open || this.tags.length >= ROOM) return false;
		this.values.push(this.bytes.slice(at, at + length));
		this.tags.push(tag);
		return true;
	}

	requestParameters(parameters: GattParameters): void {
		this.asked.push(parameters);
	}

	close(): void {
		this.closed = true;
	}

	/** The responses that have come whole so far. */
	responses(): Uint8Array[] {
		const found: Uint8Array[] = [];
		let rest = Buffer.concat(this.values);
		for (let header = readHeader(rest); header !== undefined; header = readHeader(rest)) {
			const length = HEADER_BYTES + header.length;
			if (rest.length < length) break;
			found.push(new Uint8Array(rest.subarray(0, length)));
			rest = rest.subarray(length);
		}
		return found;
	}
}

function setup() {
	const memory = createNodeMediaMemory(256 * 1024);
	const timers = createVirtualTimers(1000);
	const waiting: (() => void)[] = [];
	const server = new SmpServer({ bufferSize: BUFFER_BYTES, bufferCount: BUFFER_COUNT });
	server.register(osEcho, ({ d = "" }) => {
		if (!d.startsWith("later")) return { r: d };
		return new Promise((resolve) => {
			waiting.push(() => resolve({ r: d }));
		});
	});
	let driver: GattServerOptions | undefined;
	const released: number[][] = [];
	const counters = new GattCounters();
	new GattEndpoint({
		counters,
		memory,
		assembly: { at: 0, bytes: GATT_ASSEMBLY_BYTES },
		send: { at: SEND_AT, bytes: GATT_SEND_BYTES },
		server,
		timers,
		session: () => OPEN_SESSION,
		onReady: () => undefined,
		onClients: () => undefined,
		openServer: (options) => {
			driver = options;
			return {
				startAdvertising: () => undefined,
				stopAdvertising: () => undefined,
				release: (...range) => released.push(range),
				close: () => undefined,
			};
		},
	});
	let head = RECEIVE_AT;
	const written: number[][] = [];
	const connect = () => {
		const connection = new FakeConnection(memory.bytes);
		driver?.onConnect(connection);
		return connection;
	};
	const write = (connection: GattConnection, value: Uint8Array) => {
		if (head + value.length > memory.bytes.length) head = RECEIVE_AT;
		memory.bytes.set(value, head);
		written.push([head, value.length]);
		driver?.onWrite(connection, 0, head, value.length);
		head += value.length;
	};
	const request = (connection: GattConnection, d: string, sequence = 0) => {
		const packet = encodeRequest(osEcho, { d }, sequence);
		for (let at = 0; at < packet.length; at += 20) write(connection, packet.subarray(at, at + 20));
	};
	/** The board takes what was sent, until nothing more comes. */
	const flush = (connection: FakeConnection) => {
		for (let tag = connection.tags.shift(); tag !== undefined; tag = connection.tags.shift()) {
			driver?.onNotified(connection, tag, 0);
			driver?.onWritable(connection);
		}
	};
	const disconnect = (connection: FakeConnection) => {
		connection.open = false;
		driver?.onDisconnect(connection, 0x13);
	};
	const answers = (connection: FakeConnection) =>
		connection.responses().map((packet) => {
			const answer = decodeResponse(osEcho, packet);
			return answer.ok ? answer.response.r : answer.error;
		});
	const held = () => written.length - released.length;
	return {
		counters,
		timers,
		waiting,
		written,
		released,
		connect,
		request,
		flush,
		disconnect,
		answers,
		held,
		write,
	};
}

const settle = async () => {
	for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

describe("GattEndpoint", () => {
	it("answers a request that came in several writes with as many notifications as the MTU demands", () => {
		const { connect, request, flush, answers, held } = setup();
		const client = connect();
		request(client, "x".repeat(200));
		flush(client);
		expect(answers(client)).toEqual(["x".repeat(200)]);
		expect(client.values.every(({ length }) => length <= 20)).toBe(true);
		expect(held()).toBe(0);
	});

	it("holds a client back while all its requests under way have no answer", async () => {
		const { connect, request, flush, answers, held, waiting } = setup();
		const client = connect();
		for (let sequence = 0; sequence < BUFFER_COUNT + 2; sequence++) request(client, "later", sequence);
		expect(held()).toBe(2);
		for (const go of waiting) go();
		await settle();
		flush(client);
		expect(held()).toBe(0);
		for (const go of waiting.slice(BUFFER_COUNT)) go();
		await settle();
		flush(client);
		expect(answers(client)).toHaveLength(BUFFER_COUNT + 2);
	});

	it("answers busy to others than the client that commands, in their version and with the way out", () => {
		const { connect, request, flush, answers, counters } = setup();
		const one = connect();
		const other = connect();
		request(one, "mine");
		request(other, "me too");
		flush(one);
		flush(other);
		expect(answers(one)).toEqual(["mine"]);
		expect(answers(other)).toMatchObject([{ code: 10, reason: expect.stringMatching(/another client/) }]);
		expect(readHeader(other.responses()[0] ?? new Uint8Array())?.operation).toBe(Operation.writeResponse);
		expect(counters).toMatchObject({ connections: 2, requests: 2, busyAnswers: 1 });
	});

	it("gives the turn to another when the one that commands has gone, or has asked for nothing for a while", async () => {
		const { connect, request, flush, answers, disconnect, timers } = setup();
		const [one, other, third] = [connect(), connect(), connect()];
		request(one, "a");
		disconnect(one);
		request(other, "b");
		flush(other);
		expect(answers(other)).toEqual(["b"]);
		await timers.advance(TURN_IDLE);
		request(third, "c");
		flush(third);
		expect(answers(third)).toEqual(["c"]);
	});

	it("loses no buffer and answers nobody else when clients go in the middle of requests and answers", async () => {
		const { connect, request, flush, disconnect, answers, waiting } = setup();
		for (let round = 0; round < 3 * BUFFER_COUNT; round++) {
			const gone = connect();
			request(gone, "later", round);
			request(gone, "y".repeat(300), round);
			gone.tags.length = round % 2;
			disconnect(gone);
			waiting.pop()?.();
			await settle();
			expect(gone.responses().length).toBeLessThan(2);
		}
		const client = connect();
		for (let sequence = 0; sequence < BUFFER_COUNT; sequence++) request(client, "later", sequence);
		expect(waiting).toHaveLength(BUFFER_COUNT);
		for (const go of waiting) go();
		await settle();
		flush(client);
		expect(answers(client)).toEqual(Array(BUFFER_COUNT).fill("later"));
	});

	it("carries nothing out that a client has asked for too late to be begun before it went", async () => {
		const { connect, request, flush, disconnect, answers, waiting, counters } = setup();
		const gone = connect();
		for (let sequence = 0; sequence < BUFFER_COUNT + 1; sequence++) request(gone, "later", sequence);
		disconnect(gone);
		for (const go of waiting) go();
		await settle();
		expect(counters.requests).toBe(BUFFER_COUNT);
		const client = connect();
		request(client, "next");
		flush(client);
		expect(answers(client)).toEqual(["next"]);
	});

	it("takes nothing of a client that has gone for a beginning of the next one's request", () => {
		const { connect, request, write, flush, disconnect, answers } = setup();
		const gone = connect();
		write(gone, encodeRequest(osEcho, { d: "cut off" }, 0).subarray(0, 12));
		disconnect(gone);
		const client = connect();
		request(client, "whole");
		flush(client);
		expect(answers(client)).toEqual(["whole"]);
	});

	it("has as much room as clients, and sends away who comes besides", () => {
		const { connect } = setup();
		const clients = Array.from({ length: GATT_CLIENTS + 1 }, connect);
		expect(clients.map(({ closed }) => closed)).toEqual([...Array(GATT_CLIENTS).fill(false), true]);
	});

	it("ends the connection that is idle for longest once there is no room for another", async () => {
		const { connect, request, timers, disconnect } = setup();
		const first = connect();
		await timers.advance(1_000_000);
		const others = [connect(), connect()];
		await timers.advance(1_000_000);
		request(first, "here");
		await timers.advance(CROWDED_IDLE - 1_000_001);
		expect([first, ...others].map(({ closed }) => closed)).toEqual([false, false, false]);
		await timers.advance(1);
		expect([first, ...others].map(({ closed }) => closed)).toEqual([false, true, false]);
		disconnect(others[0] as FakeConnection);
		await timers.advance(10 * CROWDED_IDLE);
		expect([first.closed, others[1]?.closed]).toEqual([false, false]);
	});

	it("keeps idle connections while there is room, and those that ask, are refused, or wait for an answer", async () => {
		const { connect, request, timers } = setup();
		const commanding = connect();
		request(commanding, "later");
		const refused = connect();
		await timers.advance(2 * CROWDED_IDLE);
		expect([commanding, refused].map(({ closed }) => closed)).toEqual([false, false]);
		request(refused, "mine");
		const newest = connect();
		for (let time = 0; time < 3; time++) {
			await timers.advance(CROWDED_IDLE - 1);
			request(refused, "mine");
			request(newest, "mine");
		}
		expect([commanding, refused, newest].map(({ closed }) => closed)).toEqual([false, false, false]);
	});

	it("asks for short intervals when a request comes and for long ones when none has come for a while", async () => {
		const { connect, request, timers } = setup();
		const client = connect();
		expect(client.asked).toEqual([]);
		request(client, "a");
		await timers.advance(IDLE_AFTER - 1);
		request(client, "b");
		expect(client.asked).toEqual([TRANSFER_PARAMETERS]);
		await timers.advance(IDLE_AFTER);
		expect(client.asked).toEqual([TRANSFER_PARAMETERS, IDLE_PARAMETERS]);
		await timers.advance(10 * IDLE_AFTER);
		request(client, "c");
		expect(client.asked).toEqual([TRANSFER_PARAMETERS, IDLE_PARAMETERS, TRANSFER_PARAMETERS]);
	});

	it("gives everything back in order and answers on, whatever clients do and whenever they go", async () => {
		const step = fc.oneof(
			fc.record({ do: fc.constant("connect" as const), who: fc.nat(4) }),
			fc.record({
				do: fc.constant("ask" as const),
				who: fc.nat(4),
				d: fc.constantFrom("now", "later", "x".repeat(90)),
			}),
			fc.record({
				do: fc.constant("write" as const),
				who: fc.nat(4),
				value: fc.uint8Array({ minLength: 1, maxLength: 40 }),
			}),
			fc.record({ do: fc.constant("take" as const), who: fc.nat(4) }),
			fc.record({ do: fc.constant("go" as const), who: fc.nat(4) }),
			fc.record({ do: fc.constant("answer" as const) }),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
				const { connect, request, write, flush, disconnect, answers, waiting, written, released } = setup();
				const clients: (FakeConnection | undefined)[] = [];
				for (const one of steps) {
					const client = "who" in one ? clients[one.who] : undefined;
					if (one.do === "answer") waiting.shift()?.();
					else if (one.do === "connect" && client === undefined) {
						const made = connect();
						if (!made.closed) clients[one.who] = made;
					} else if (client === undefined) continue;
					else if (one.do === "ask") request(client, one.d);
					else if (one.do === "write") write(client, one.value);
					else if (one.do === "take") flush(client);
					else if (one.do === "go") {
						disconnect(client);
						clients[one.who] = undefined;
					}
					await settle();
				}
				for (const client of clients) if (client !== undefined) disconnect(client);
				while (waiting.length > 0) {
					waiting.shift()?.();
					await settle();
				}
				expect(released).toEqual(written);
				const last = connect();
				for (let sequence = 0; sequence < BUFFER_COUNT; sequence++) request(last, "later", sequence);
				expect(waiting).toHaveLength(BUFFER_COUNT);
				for (const go of waiting) go();
				await settle();
				flush(last);
				expect(answers(last)).toEqual(Array(BUFFER_COUNT).fill("later"));
			}),
			{ numRuns: 150 },
		);
	});

	it("counts what clients write that is no request", () => {
		const { connect, write, counters } = setup();
		const client = connect();
		write(client, Uint8Array.of(1, 2, 3));
		expect(counters).toMatchObject({ droppedPackets: 1, receivedBytes: 3, requests: 0 });
	});
});
