import { encodeGattTable, GattProperty } from "@bodycam/protocol/board/gatt-table";
import { Gatt, Status } from "@bodycam/protocol/board/records";
import { SMP_CHARACTERISTIC, SMP_SERVICE } from "@bodycam/protocol/smp/ble";
import { describe, expect, it } from "vitest";
import { DeviceAddress } from "../radio/air/address.ts";
import { VirtualRadio } from "../radio/air/radio.ts";
import { BleClient } from "../testing/ble-client.ts";
import { FakeBus } from "../testing/fake-bus.ts";
import { RadioPeripheral } from "./radio.ts";

const ADDRESS = new DeviceAddress("c0:de:00:00:00:07");
const ADVERTISEMENT_AT = 1000;
const BUFFER_AT = 4096;

/** A board's radio as firmware has configured it, and a client that is not connected yet. */
function radio({ buffer = 4096, clients = 1 } = {}) {
	const bus = new FakeBus();
	const air = new VirtualRadio(bus.world);
	const peripheral = new RadioPeripheral(bus, { radio: air, address: ADDRESS });
	const send = (kind: number, ...args: number[]) => {
		const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
		peripheral.receive(kind, 0, a, b, c, d, e, f);
	};
	const configure = () => {
		const properties = GattProperty.writeWithoutResponse | GattProperty.notify;
		const characteristics = [{ uuid: SMP_CHARACTERISTIC, properties }];
		const table = encodeGattTable({ services: [{ uuid: SMP_SERVICE, characteristics }] });
		bus.memory.set(table, 0);
		bus.memory.set(Uint8Array.of(2, 1, 6), ADVERTISEMENT_AT);
		send(Gatt.CONFIGURE, 0, table.length, BUFFER_AT, buffer, 498, clients);
		send(Gatt.ADVERTISE, ADVERTISEMENT_AT, 3, 0, 20_000);
	};
	configure();
	const advance = (ms: number) => bus.advance(ms);
	const client = (address = "00:00:00:00:00:aa") => new BleClient(air, advance, { address });
	return { bus, air, peripheral, send, configure, client, advance };
}

/** The arguments of the records of one kind. */
function told({ bus }: { readonly bus: FakeBus }, kind: number): number[][] {
	return bus.ofKind(kind).map(({ a, b, c, d, e, f }) => [a, b, c, d, e, f]);
}

describe("radio", () => {
	it("says that its services are registered and that it has taken the advertisement", () => {
		const board = radio();
		expect(board.bus.sent.map(({ kind }) => kind)).toEqual([Gatt.READY, Gatt.ADVERTISING]);
	});

	it("says nothing on a board without a radio", () => {
		const bus = new FakeBus();
		const peripheral = new RadioPeripheral(bus, undefined);
		peripheral.receive(Gatt.CONFIGURE, 0, 0, 10, 100, 100, 498, 1);
		expect([bus.sent, bus.violations]).toEqual([[], []]);
	});

	it("tells of a client, what its connection runs with, its subscription and its end", () => {
		const board = radio();
		const client = board.client();
		client.connect(ADDRESS);
		client.disconnect();
		board.advance(100);
		expect(told(board, Gatt.CONNECTED)).toEqual([[1, 0, 0, 0, 0, 0]]);
		expect(told(board, Gatt.LINK).at(-1)).toEqual([1, 498, 30_000, 0, 2000, 0]);
		expect(told(board, Gatt.SUBSCRIBED)).toEqual([[1, 0, 1, 0, 0, 0]]);
		expect(told(board, Gatt.DISCONNECTED)).toEqual([[1, 0x13, 0, 0, 0, 0]]);
	});

	it("counts connections up and never gives a number twice", () => {
		const board = radio();
		for (const address of ["00:00:00:00:00:aa", "00:00:00:00:00:ab"]) {
			const client = board.client(address);
			client.connect(ADDRESS);
			client.disconnect();
		}
		expect(told(board, Gatt.CONNECTED).map(([number]) => number)).toEqual([1, 2]);
	});

	it("holds a client back while what it wrote has no room, and loses nothing", () => {
		const board = radio({ buffer: 1024 });
		const client = board.client();
		client.connect(ADDRESS);
		const sent = Uint8Array.from({ length: 20_000 }, (_value, index) => index % 251);
		client.transmit(sent);
		board.advance(2000);
		expect(told(board, Gatt.WRITTEN).length).toBeLessThan(4);
		expect(client.link?.central.waiting).toBe(true);
		const heard: number[] = [];
		for (let round = 0; round < 2000 && heard.length < sent.length; round++) {
			const record = board.bus.ofKind(Gatt.WRITTEN)[0];
			if (record !== undefined) {
				heard.push(...board.bus.memory.subarray(record.a, record.a + record.b));
				board.bus.sent.splice(board.bus.sent.indexOf(record), 1);
				board.send(Gatt.RELEASE, record.a, record.b);
			}
			board.advance(5);
		}
		expect(Uint8Array.from(heard)).toEqual(sent);
		expect(board.bus.violations).toEqual([]);
	});

	it("sends values in order however many wait, and says of each that it was taken", () => {
		const board = radio();
		const client = board.client();
		const heard: number[] = [];
		client.listen((packet) => heard.push(packet[8] ?? -1));
		client.connect(ADDRESS);
		for (let index = 0; index < 40; index++) {
			const at = 8192 + index * 16;
			board.bus.memory.set([3, 0, 0, 1, 0, 0, 0, 0, index], at);
			board.send(Gatt.NOTIFY, at, 9, 1, 100 + index, 0);
		}
		expect(told(board, Gatt.NOTIFIED).length).toBeLessThan(40);
		board.advance(1000);
		expect(heard).toEqual(Array.from({ length: 40 }, (_value, index) => index));
		expect(told(board, Gatt.NOTIFIED).map(([status, , , tag]) => [status, tag])).toEqual(
			heard.map((index) => [Status.ok, 100 + index]),
		);
	});

	it("refuses a value that nobody subscribed to, or that is longer than the MTU allows", () => {
		const board = radio();
		const client = board.client();
		client.connect(ADDRESS);
		board.send(Gatt.NOTIFY, 8192, 496, 1, 1, 0);
		client.subscribe(false);
		board.send(Gatt.NOTIFY, 8192, 4, 1, 2, 0);
		const statuses = told(board, Gatt.NOTIFIED).map(([status, , , tag]) => [status, tag]);
		expect(statuses).toEqual([
			[Status.outOfRange, 1],
			[Status.noEntry, 2],
		]);
	});

	it("asks the client for parameters and tells what it agreed to", () => {
		const board = radio();
		const client = board.client();
		client.connect(ADDRESS);
		board.send(Gatt.PARAMETERS, 1, 15_000, 15_000, 0, 4000);
		board.advance(1000);
		expect(client.asked).toEqual([{ minimum: 12, maximum: 12, latency: 0, timeout: 400 }]);
		expect(told(board, Gatt.LINK).at(-1)).toEqual([1, 498, 15_000, 0, 4000, 0]);
	});

	it("ends a connection when the firmware asks for it", () => {
		const board = radio();
		const client = board.client();
		client.connect(ADDRESS);
		board.send(Gatt.DISCONNECT, 1);
		board.advance(500);
		expect(client.ends).toEqual([0x13]);
	});

	it("falls silent when the engine stops, tells the next one nothing of it, and can be found again", () => {
		const board = radio();
		const client = board.client();
		client.connect(ADDRESS);
		board.peripheral.halt();
		board.bus.sent.length = 0;
		board.advance(5000);
		expect([client.ends, board.bus.sent]).toEqual([[0x08], []]);
		board.configure();
		client.connect(ADDRESS);
		expect(told(board, Gatt.CONNECTED).map(([number]) => number)).toEqual([1]);
	});

	it("reports firmware that breaks its rules", () => {
		const board = radio();
		board.send(Gatt.RELEASE, BUFFER_AT, 10);
		board.send(Gatt.ADVERTISE, ADVERTISEMENT_AT, 32, 0, 20_000);
		board.send(Gatt.CONFIGURE, 2000, 20, BUFFER_AT, 100, 498, 1);
		board.send(Gatt.NOTIFY, 65_530, 20, 1, 1, 0);
		expect(board.bus.violations).toHaveLength(4);
	});
});
