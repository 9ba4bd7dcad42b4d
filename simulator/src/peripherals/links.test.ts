import { Datagram, Serial, Status } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import { MemoryBytePort, MemoryDatagramPort } from "../ports/memory-ports.ts";
import { FakeBus } from "../testing/fake-bus.ts";
import { DatagramPeripheral } from "./datagram.ts";
import { SerialPeripheral } from "./serial.ts";

function serial(bufferBytes = 16_384) {
	const bus = new FakeBus();
	const port = new MemoryBytePort((delay, action) => void bus.world.schedule(delay, action));
	const peripheral = new SerialPeripheral(bus, [port]);
	const send = (kind: number, a = 0, b = 0, d = 0) => peripheral.receive(kind, 0, a, b, 0, d);
	send(Serial.CONFIGURE, 0, bufferBytes);
	const received = () => bus.ofKind(Serial.RECEIVED);
	return { bus, port, peripheral, send, received };
}

describe("serial", () => {
	it("hands received bytes to the firmware", () => {
		const { bus, port, received } = serial();
		port.transmit(Uint8Array.of(1, 2, 3));
		bus.advance(10);
		const [record] = received();
		expect([...bus.memory.subarray(record?.a, (record?.a ?? 0) + (record?.b ?? 0))]).toEqual([1, 2, 3]);
	});

	it("loses nothing when the firmware is slow, and never overruns its buffer", () => {
		const { bus, port, send, received } = serial(8_192);
		const sent = Uint8Array.from({ length: 300_000 }, (_value, index) => index % 251);
		for (let at = 0; at < sent.length; at += 1000) port.transmit(sent.subarray(at, at + 1000));
		const heard: number[] = [];
		let handled = 0;
		for (let round = 0; round < 2_000 && heard.length < sent.length; round++) {
			bus.advance(5);
			const record = received()[handled];
			if (!record) continue;
			handled += 1;
			heard.push(...bus.memory.subarray(record.a, record.a + record.b));
			send(Serial.RELEASE, record.a, record.b);
		}
		expect(heard.length).toBe(sent.length);
		expect(Buffer.compare(Uint8Array.from(heard), sent)).toBe(0);
		expect(bus.violations).toEqual([]);
	});

	it("answers a write when the line has taken it, at the line's speed", () => {
		const { bus, port, send } = serial();
		const heard: number[] = [];
		port.listen((bytes) => heard.push(...bytes));
		bus.memory.fill(9, 0, 9216);
		send(Serial.WRITE, 0, 9216, 4);
		bus.advance(99);
		expect(bus.ofKind(Serial.WRITTEN)).toEqual([]);
		bus.advance(2);
		expect(bus.ofKind(Serial.WRITTEN)[0]).toMatchObject({ a: Status.ok, d: 4 });
		expect(heard.length).toBe(9216);
	});

	it("forgets what came in while no engine listened", () => {
		const { bus, port, peripheral, received, send } = serial();
		bus.stopEngine();
		peripheral.halt();
		port.transmit(Uint8Array.of(1));
		bus.advance(10);
		send(Serial.CONFIGURE, 0, 4096);
		expect(received()).toEqual([]);
	});

	it("takes writes to a port that leads nowhere", () => {
		const bus = new FakeBus();
		new SerialPeripheral(bus, []).receive(Serial.WRITE, 0, 0, 10, 0, 5);
		expect(bus.ofKind(Serial.WRITTEN)[0]?.d).toBe(5);
	});
});

describe("datagram", () => {
	function link(bufferBytes = 4_096) {
		const bus = new FakeBus();
		const port = new MemoryDatagramPort((delay, action) => void bus.world.schedule(delay, action));
		const peripheral = new DatagramPeripheral(bus, [port]);
		peripheral.receive(Datagram.CONFIGURE, 0, 0, bufferBytes, 0, 0);
		return { bus, port, peripheral };
	}

	it("carries datagrams to and fro with the handle of the peer", () => {
		const { bus, port, peripheral } = link();
		const heard: number[][] = [];
		port.listen((bytes) => heard.push([...bytes]));
		port.transmit(Uint8Array.of(5, 6));
		bus.advance(1);
		const record = bus.ofKind(Datagram.RECEIVED)[0];
		expect(record).toMatchObject({ b: 2, c: 1 });
		peripheral.receive(Datagram.SEND, 0, record?.a ?? 0, 2, 1, 8);
		bus.advance(1);
		expect(heard).toEqual([[5, 6]]);
		expect(bus.ofKind(Datagram.SENT)[0]).toMatchObject({ a: Status.ok, d: 8 });
	});

	it("loses what finds no room", () => {
		const { bus, port, peripheral } = link(1_024);
		for (let index = 0; index < 5; index++) port.transmit(new Uint8Array(300));
		bus.advance(1);
		expect(bus.ofKind(Datagram.RECEIVED)).toHaveLength(3);
		expect(peripheral.lost).toBe(2);
	});
});
