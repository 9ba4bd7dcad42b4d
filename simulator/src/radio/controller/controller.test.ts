import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ByteReceiver } from "../../ports/byte-port.ts";
import { createRandomness } from "../../world/random.ts";
import { World } from "../../world/world.ts";
import { DeviceAddress } from "../air/address.ts";
import { throughputCeiling } from "../air/airtime.ts";
import { VirtualRadio } from "../air/radio.ts";
import { l2capFrame } from "../l2cap/frames.ts";
import { advertisingData } from "../peripheral/advertising-data.ts";
import type { PeripheralConnection } from "../peripheral/connection.ts";
import { VirtualPeripheral } from "../peripheral/peripheral.ts";
import { ACL_BUFFERS, ACL_LENGTH } from "./connections.ts";
import { VirtualController } from "./controller.ts";

const MTU = 498;
const VALUE = 3;

/** A controller with a host that is this test, and one camera. */
function hosted(extended = false) {
	const world = new World(createRandomness(3));
	const radio = new VirtualRadio(world);
	const events: Buffer[] = [];
	let host: ByteReceiver | undefined;
	let written = 0;
	let onPacket: (packet: Buffer) => void = () => undefined;
	const reading = { on: true, later: [] as (() => void)[] };
	const port = {
		connect: (receiver: ByteReceiver) => {
			host = receiver;
		},
		write: (bytes: Uint8Array, done: () => void) => {
			const packet = Buffer.from(bytes);
			events.push(packet);
			onPacket(packet);
			if (reading.on) done();
			else reading.later.push(done);
		},
		pause: () => undefined,
		close: () => undefined,
	};
	const controller = new VirtualController(port, { radio, extended });
	const clients: PeripheralConnection[] = [];
	const camera = new VirtualPeripheral({
		radio,
		address: new DeviceAddress("c0:de:00:00:00:01"),
		position: 2,
		services: [
			{ uuid: "fff0", characteristics: [{ uuid: "fff1", writeWithoutResponse: true, notify: true }] },
		],
		handlers: {
			connected: (client) => clients.push(client),
			written: (_client, _handle, value) => {
				written += value.length;
			},
			writable: (client) => {
				while (client.notify(VALUE, new Uint8Array(MTU - 3)) === "accepted");
			},
		},
	});
	camera.advertise({
		connectable: true,
		scannable: true,
		legacy: true,
		data: advertisingData({ flags: true }),
		response: advertisingData({ name: "camera" }),
		interval: 50_000,
	});
	return {
		world,
		radio,
		events,
		controller,
		clients,
		send: (hex: string) => host?.received(Buffer.from(hex.replaceAll(" ", ""), "hex")),
		raw: (bytes: Uint8Array) => host?.received(bytes),
		carrier: (open: boolean) => host?.carrier(open),
		reads: (on: boolean) => {
			reading.on = on;
			if (on) for (const done of reading.later.splice(0)) done();
		},
		listen: (listener: (packet: Buffer) => void) => {
			onPacket = listener;
		},
		written: () => written,
		run: (time: number) => world.advanceTo(world.now + time),
		hex: () => events.splice(0).map((packet) => packet.toString("hex")),
	};
}

const RESET = "01030c00";
const CONNECT = "010d2019 6000 3000 00 01 01000000dec0 00 0600 1200 0000 2a00 0000 0000";

/** A host with a connection whose handle is 1, its data length and MTU agreed. */
function linked() {
	const made = hosted();
	made.send(RESET);
	made.send(CONNECT);
	made.run(300_000);
	made.send("01222006 0100 fb00 4808");
	made.send("02 0100 0700 0300 0400 02f201");
	made.send("02 0100 0900 0500 0400 1204000100");
	made.run(300_000);
	return made;
}

describe("VirtualController", () => {
	it("says nothing before the first reset", () => {
		const { send, hex } = hosted();
		send("01091000");
		send(RESET);
		expect(hex()).toEqual(["040e0401030c00"]);
	});

	it("answers a command it does not know, and parameters that are too short, by their codes", () => {
		const { send, hex } = hosted();
		send(`${RESET} 0199fc00 010b2001ff`);
		expect(hex().slice(1)).toEqual(["040e040199fc01", "040e04010b2012"]);
	});

	it("reports each advertiser once where the host asks for that, and always otherwise", () => {
		const once = hosted();
		once.send(`${RESET} 010b2007 01 1200 1200 00 00 010c2002 0101`);
		once.run(1_000_000);
		expect(once.hex().filter((event) => event.startsWith("043e")).length).toBe(2);
		const always = hosted();
		always.send(`${RESET} 010b2007 01 1200 1200 00 00 010c2002 0100`);
		always.run(1_000_000);
		expect(always.hex().filter((event) => event.startsWith("043e")).length).toBeGreaterThan(20);
	});

	it("gives up a connection that nobody answers when the host cancels", () => {
		const { send, hex, run } = hosted();
		send(RESET);
		send(CONNECT.replace("01000000dec0", "ee000000dec0"));
		run(1_000_000);
		send("010e2000");
		expect(hex().slice(1)).toEqual(["040f0400010d20", "040e04010e2000", `043e130102${"00".repeat(17)}`]);
	});

	it("connects, and ends the connection for both sides", () => {
		const { send, hex, run, clients } = hosted();
		send(RESET);
		send(CONNECT);
		run(300_000);
		expect(hex()).toContain("043e1301000100000101000000dec00c0000002a0000");
		expect(clients.length).toBe(1);
		send("01060403 0100 13");
		run(300_000);
		expect(hex().slice(-2)).toEqual(["040f0400010604", "04050400010016"]);
	});

	it("drops data without a buffer and says so", () => {
		const { raw, hex } = linked();
		hex();
		for (let index = 0; index < ACL_BUFFERS + 6; index++) raw(Uint8Array.of(2, 1, 0, 1, 0, 0));
		expect(hex().filter((event) => event === "041a0101").length).toBe(6);
	});

	it.each([251, ACL_LENGTH])(
		"carries writes in packets of %i octets at 90 %% of the ceiling or more, one for one buffer given back",
		(octets) => {
			const { raw, listen, run, written } = linked();
			const pdu = Buffer.concat([Buffer.from("520300", "hex"), Buffer.alloc(MTU - 3)]);
			const frame = l2capFrame(4, pdu);
			const queue: Uint8Array[] = [];
			let free = 24;
			const pump = () => {
				while (free > 0) {
					if (queue.length === 0)
						for (let at = 0; at < frame.length; at += octets) {
							const part = frame.subarray(at, at + octets);
							const length = [part.length & 0xff, part.length >> 8];
							queue.push(Uint8Array.from([2, 1, at === 0 ? 0 : 0x10, ...length, ...part]));
						}
					const next = queue.shift();
					if (next === undefined) return;
					free -= 1;
					raw(next);
				}
			};
			listen((packet) => {
				if (packet[1] === 0x13) free += packet.readUInt16LE(6);
			});
			const before = written();
			for (let step = 0; step < 400; step++) {
				pump();
				run(5_000);
			}
			const ceiling = throughputCeiling({ interval: 15_000, phy: 2, octets: 251, mtu: MTU });
			const reached = (written() - before) / 2;
			expect(reached / ceiling).toBeGreaterThan(0.9);
			expect(reached / ceiling).toBeLessThanOrEqual(1);
		},
	);

	it("carries notifications at 90 % of the ceiling or more", () => {
		const { clients, listen, run } = linked();
		const client = clients[0];
		if (client === undefined) throw new Error("nobody is connected");
		let octets = 0;
		listen((packet) => {
			if (packet[0] === 2) octets += packet.length - 5;
		});
		while (client.notify(VALUE, new Uint8Array(MTU - 3)) === "accepted");
		run(2_000_000);
		const ceiling = throughputCeiling({ interval: 15_000, phy: 2, octets: 251, mtu: MTU });
		const reached = ((octets / (MTU + 4)) * (MTU - 3)) / 2;
		expect(reached / ceiling).toBeGreaterThan(0.9);
		expect(reached / ceiling).toBeLessThanOrEqual(1);
	});

	it("holds its links back from a host that does not read, and loses nothing", () => {
		const { clients, listen, reads, run } = linked();
		const client = clients[0];
		if (client === undefined) throw new Error("nobody is connected");
		let octets = 0;
		listen((packet) => {
			if (packet[0] === 2) octets += packet.length - 5;
		});
		reads(false);
		while (client.notify(VALUE, new Uint8Array(MTU - 3)) === "accepted");
		run(10_000_000);
		expect(octets).toBeLessThan(20_000);
		const held = octets;
		reads(true);
		run(100_000);
		expect(octets).toBeGreaterThan(held + 5_000);
		expect(octets % 251).toBe(0);
	});

	it("tells a host that does not read of no more advertisers", () => {
		const { events, send, reads, run } = hosted();
		send(`${RESET} 010b2007 01 1000 1000 00 00 010c2002 01 00`);
		reads(false);
		run(3_600_000_000);
		expect(Buffer.concat(events).length).toBeLessThan(20_000);
	});

	it("forgets a packet whose end does not come, so that the next host is understood", () => {
		const { hex, run, send } = hosted();
		send(RESET);
		hex();
		send("02 0100 fb00 00");
		run(10_000_000);
		send(RESET);
		expect(hex()).toEqual(["040e0401030c00"]);
	});

	it("lets its connections go when the host hangs up", () => {
		const { carrier, radio, run } = linked();
		expect(radio.links).toBe(1);
		carrier(false);
		run(60_000_000);
		expect(radio.links).toBe(0);
	});

	it("survives any commands and data, and is itself again after a reset", () => {
		const opcode = fc.constantFrom(
			0x0406,
			0x1405,
			0x2013,
			0x2019,
			0x2022,
			0x2032,
			0x200b,
			0x200c,
			0x200d,
			0x200e,
			0x2041,
			0x2042,
			0x2043,
			0x2001,
		);
		const command = fc
			.tuple(opcode, fc.uint8Array({ maxLength: 48 }), fc.boolean())
			.map(([code, rest, own]) => {
				const parameters = own ? [1, 0, ...rest] : [...rest];
				return [1, code & 0xff, code >> 8, parameters.length, ...parameters];
			});
		const data = fc
			.tuple(fc.boolean(), fc.uint8Array({ maxLength: 60 }))
			.map(([start, bytes]) => [2, 1, start ? 0 : 0x10, bytes.length, 0, ...bytes]);
		const anything = fc.oneof(
			command,
			data,
			fc.uint8Array({ maxLength: 30 }).map((bytes) => [...bytes]),
		);
		fc.assert(
			fc.property(fc.array(anything, { maxLength: 25 }), (packets) => {
				const { raw, run, send, hex, radio } = linked();
				for (const packet of packets) {
					raw(Uint8Array.from(packet));
					run(20_000);
				}
				raw(new Uint8Array(600).fill(0xff));
				send(RESET);
				run(60_000_000);
				expect(radio.links).toBe(0);
				hex();
				send("01091000");
				expect(hex()).toEqual(["040e0a01091000aa0000000000"]);
			}),
			{ numRuns: 60 },
		);
	});
});
