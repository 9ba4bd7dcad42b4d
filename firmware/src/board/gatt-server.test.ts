import { GattProperty } from "@bodycam/protocol/board/gatt-table";
import { Gatt, Status } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import type { GattConnection } from "../hal/gatt-server.ts";
import { createFakeNative } from "../testing/fake-native.ts";
import { Board } from "./board.ts";
import { BoardGattServer, GATT_WORK_BYTES } from "./gatt-server.ts";

const NOTIFICATIONS = 8;

/** A GATT server on a board that a test plays, and what its callbacks said. */
function setup() {
	const native = createFakeNative(8192);
	const board = new Board(native);
	const said: string[] = [];
	const connections: GattConnection[] = [];
	const properties = GattProperty.notify | GattProperty.writeWithoutResponse;
	const server = new BoardGattServer({
		board,
		work: { at: 0, bytes: GATT_WORK_BYTES },
		buffer: { at: 4096, bytes: 4096 },
		services: [{ uuid: "fff0", characteristics: [{ uuid: "fff1", properties }] }],
		mtu: 498,
		connections: 2,
		onReady: () => said.push("ready"),
		onConnect: (connection) => connections.push(connection),
		onDisconnect: (_connection, reason) => said.push(`disconnect ${reason}`),
		onLinkChange: ({ maximumWrite, interval, encrypted }) =>
			said.push(`link ${maximumWrite} ${interval} ${encrypted}`),
		onSubscribe: (_connection, characteristic) => said.push(`subscribe ${characteristic}`),
		onUnsubscribe: (_connection, characteristic) => said.push(`unsubscribe ${characteristic}`),
		onWrite: (_connection, characteristic, at, length) =>
			said.push(`write ${characteristic} ${at} ${length}`),
		onNotified: (_connection, tag, status) => said.push(`notified ${tag} ${status}`),
		onWritable: () => said.push("writable"),
	});
	const tell = (kind: number, ...args: number[]) => {
		const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
		board.dispatch(kind, 0, 0, a, b, c, d, e, f);
	};
	const connect = (number: number): GattConnection => {
		tell(Gatt.CONNECTED, number);
		const connection = connections.at(-1);
		if (connection === undefined) throw new Error("no connection");
		return connection;
	};
	const posted = (kind: number) => native.take().filter((record) => record[0] === kind);
	return { native, server, said, tell, connect, posted };
}

describe("BoardGattServer", () => {
	it("registers its services and tells how long values may be", () => {
		const { posted } = setup();
		const [[, , , bytes = 0, ...rest] = []] = posted(Gatt.CONFIGURE);
		expect(bytes).toBeGreaterThan(20);
		expect(rest).toEqual([4096, 4096, 498, 2]);
	});

	it("advertises only when the services are registered", () => {
		const { native, server, tell, posted } = setup();
		server.startAdvertising(Uint8Array.of(2, 1, 6), Uint8Array.of(3, 9, 65, 66), 250_000);
		expect(posted(Gatt.ADVERTISE)).toEqual([]);
		tell(Gatt.READY);
		const [[, , at = 0, ...rest] = []] = posted(Gatt.ADVERTISE);
		expect(rest).toEqual([3, 4, 250_000]);
		expect([...native.bytes.subarray(at, at + 7)]).toEqual([2, 1, 6, 3, 9, 65, 66]);
	});

	it("leaves an advertisement alone that the board still reads, and then tells the latest", () => {
		const { native, server, tell, posted } = setup();
		tell(Gatt.READY);
		for (const value of [1, 2, 3]) server.startAdvertising(Uint8Array.of(value), new Uint8Array(), 250_000);
		const [[, , at = 0] = [], ...others] = posted(Gatt.ADVERTISE);
		expect([native.bytes[at], others]).toEqual([1, []]);
		tell(Gatt.ADVERTISING, Status.ok);
		expect(posted(Gatt.ADVERTISE)).toHaveLength(1);
		expect(native.bytes[at]).toBe(3);
		tell(Gatt.ADVERTISING, Status.ok);
		expect(posted(Gatt.ADVERTISE)).toEqual([]);
	});

	it("refuses an advertisement that no packet holds", () => {
		const { server } = setup();
		expect(() => server.startAdvertising(new Uint8Array(32), new Uint8Array(), 1)).toThrow(/31 octets/);
	});

	it("tells of connections, what they run with, subscriptions and writes", () => {
		const { said, tell, connect } = setup();
		const connection = connect(1);
		expect(connection.maximumWrite).toBe(20);
		tell(Gatt.LINK, 1, 498, 15_000, 0, 4000, 1);
		tell(Gatt.SUBSCRIBED, 1, 0, 1);
		tell(Gatt.WRITTEN, 4096, 30, 1, 0);
		tell(Gatt.SUBSCRIBED, 1, 0, 0);
		tell(Gatt.DISCONNECTED, 1, 0x13);
		expect(said).toEqual([
			"link 495 15000 true",
			"subscribe 0",
			"write 0 4096 30",
			"unsubscribe 0",
			"disconnect 19",
		]);
		expect(connection.open).toBe(false);
	});

	it("says that it is busy when too many notifications are under way, and when there is room again", () => {
		const { said, tell, connect } = setup();
		const connection = connect(1);
		const accepted = Array.from({ length: NOTIFICATIONS + 1 }, (_v, tag) => connection.notify(0, 0, 4, tag));
		expect(accepted).toEqual([...Array(NOTIFICATIONS).fill(true), false]);
		tell(Gatt.NOTIFIED, Status.ok, 0, 1, 0);
		tell(Gatt.NOTIFIED, Status.ok, 0, 1, 1);
		expect(said).toEqual(["notified 0 0", "writable", "notified 1 0"]);
	});

	it("sends nothing on a connection that is over", () => {
		const { tell, connect, posted } = setup();
		const connection = connect(1);
		tell(Gatt.DISCONNECTED, 1, 0x08);
		posted(0);
		expect(connection.notify(0, 0, 4, 1)).toBe(false);
		connection.close();
		connection.requestParameters({
			minimumInterval: 15_000,
			maximumInterval: 15_000,
			latency: 0,
			supervisionTimeout: 4000,
		});
		expect(posted(Gatt.NOTIFY).concat(posted(Gatt.DISCONNECT), posted(Gatt.PARAMETERS))).toEqual([]);
	});

	it("gives back what a connection wrote that nobody knows", () => {
		const { tell, posted } = setup();
		tell(Gatt.WRITTEN, 4096, 30, 7, 0);
		expect(posted(Gatt.RELEASE)).toEqual([[Gatt.RELEASE, 0, 4096, 30]]);
	});

	it("hears nothing after it was closed", () => {
		const { server, said, tell, connect, posted } = setup();
		connect(1);
		server.close();
		server.close();
		expect(posted(Gatt.DISCONNECT)).toEqual([[Gatt.DISCONNECT, 0, 1]]);
		tell(Gatt.WRITTEN, 4096, 30, 1, 0);
		tell(Gatt.READY);
		expect(said).toEqual([]);
	});
});
