import { describe, expect, it } from "vitest";
import { createRandomness } from "../world/random.ts";
import { World } from "../world/world.ts";
import type { BytePort, ByteReceiver } from "./byte-port.ts";
import { MemoryBytePort } from "./memory-ports.ts";
import { PacedPort } from "./paced-port.ts";

/** A port whose other end takes and gives everything at once. */
class ImmediatePort implements BytePort {
	receiver: ByteReceiver | undefined;
	readonly written: Uint8Array[] = [];
	paused = false;
	closed = false;
	connect(receiver: ByteReceiver): void {
		this.receiver = receiver;
	}
	write(bytes: Uint8Array, done: () => void): void {
		this.written.push(bytes);
		done();
	}
	pause(paused: boolean): void {
		this.paused = paused;
	}
	close(): void {
		this.closed = true;
	}
}

function line(baud: number) {
	const world = new World(createRandomness(1));
	const outside = new ImmediatePort();
	const later = (delay: number, action: () => void): void => void world.schedule(delay, action);
	const port = new PacedPort(outside, { later, inject: (action) => world.inject(action) }, baud);
	const received: number[] = [];
	port.connect({ received: (bytes) => void received.push(...bytes), carrier: () => undefined });
	const bytesOut = () => outside.written.reduce((sum, bytes) => sum + bytes.length, 0);
	return { world, outside, port, received, bytesOut };
}

describe.each([115_200, 921_600])("a line of %i baud", (baud) => {
	const perSecond = baud / 10;

	it("carries a tenth of it in bytes a second, from outside", () => {
		const { world, outside, received } = line(baud);
		const sent = Uint8Array.from({ length: 3 * perSecond }, (_, index) => index % 251);
		for (let at = 0; at < sent.length; at += 1000) outside.receiver?.received(sent.subarray(at, at + 1000));
		world.advanceTo(1e6);
		expect(received.length).toBeGreaterThan(perSecond - 300);
		expect(received.length).toBeLessThanOrEqual(perSecond);
		world.advanceTo(3e6);
		expect(Uint8Array.from(received)).toEqual(sent);
	});

	it("carries a tenth of it in bytes a second, from the camera, and says when they are gone", () => {
		const { world, port, bytesOut } = line(baud);
		const gone: number[] = [];
		for (let part = 0; part < 2; part++)
			port.write(new Uint8Array(perSecond / 2), () => gone.push(world.now));
		world.advanceTo(5e5 - 1);
		expect(bytesOut()).toBeLessThan(perSecond / 2);
		world.advanceTo(2e6);
		expect(bytesOut()).toBe(perSecond);
		expect(gone).toEqual([5e5, 1e6]);
	});
});

it("stops who sends faster than the line carries, and lets him go on when it is free", () => {
	const { world, outside } = line(115_200);
	outside.receiver?.received(new Uint8Array(23_040));
	expect(outside.paused).toBe(true);
	world.advanceTo(1e6);
	expect(outside.paused).toBe(false);
});

it("keeps what arrives while the camera has no room", () => {
	const { world, outside, port, received } = line(115_200);
	port.pause(true);
	outside.receiver?.received(Uint8Array.of(1, 2, 3));
	world.advanceTo(1e6);
	expect(received).toEqual([]);
	expect(outside.paused).toBe(true);
	port.pause(false);
	expect(received).toEqual([1, 2, 3]);
	expect(outside.paused).toBe(false);
});

it("carries nothing after it was closed", () => {
	const { world, outside, port, received } = line(115_200);
	outside.receiver?.received(Uint8Array.of(1, 2, 3));
	port.close();
	world.advanceTo(1e6);
	expect(received).toEqual([]);
	expect(outside.closed).toBe(true);
});

it("a line in memory carries what is sent at once one after the other", () => {
	const world = new World(createRandomness(1));
	const port = new MemoryBytePort((delay, action) => void world.schedule(delay, action), 115_200);
	let received = 0;
	port.connect({
		received: (bytes) => {
			received += bytes.length;
		},
		carrier: () => undefined,
	});
	for (let part = 0; part < 10; part++) port.transmit(new Uint8Array(1152));
	world.advanceTo(5e5);
	expect(received).toBeLessThanOrEqual(5760);
	world.advanceTo(1e6);
	expect(received).toBe(11_520);
});
