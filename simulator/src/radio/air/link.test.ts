import { describe, expect, it } from "vitest";
import { createRandomness } from "../../world/random.ts";
import { World } from "../../world/world.ts";
import { DeviceAddress } from "./address.ts";
import { airtime, throughputCeiling } from "./airtime.ts";
import type { RadioLink } from "./link.ts";
import type { LinkParameters, LinkUser } from "./link-end.ts";
import { type RadioOptions, VirtualRadio } from "./radio.ts";

const FAST: LinkParameters = { interval: 12, latency: 0, timeout: 100 };

/** Somebody at one end, who writes down what happens. */
function user(now: () => number, key?: Uint8Array) {
	const log = {
		arrivals: [] as { at: number; octets: number }[],
		received: [] as number[],
		octets: 0,
		sent: 0,
		closed: [] as number[],
		events: [] as string[],
	};
	const made: LinkUser = {
		received: (payload) => {
			log.octets += payload.length;
			log.arrivals.push({ at: now(), octets: payload.length });
			log.received.push(payload[0] ?? -1);
		},
		sent: () => {
			log.sent += 1;
		},
		closed: (reason) => log.closed.push(reason),
		parametersChanged: ({ interval }) => log.events.push(`interval ${interval}`),
		dataLengthChanged: (transmit, receive) => log.events.push(`length ${transmit}/${receive}`),
		phyChanged: (phy) => log.events.push(`phy ${phy}`),
		encryptionStarted: () => log.events.push("encrypted"),
		parametersRequested: ({ minimum }) => log.events.push(`asked ${minimum}`),
		keyWanted: () => key,
	};
	return { made, log };
}

/** Two radios with a connection. */
function connected(options: RadioOptions & { seed?: number; loss?: number; key?: Uint8Array } = {}) {
	const world = new World(createRandomness(options.seed ?? 1));
	const radio = new VirtualRadio(world, options);
	const central = user(() => world.now);
	const peripheral = user(() => world.now, options.key);
	let link: RadioLink | undefined;
	const camera = radio.join(new DeviceAddress("c0:de:00:00:00:01"), 2);
	radio.advertise(
		camera,
		{
			connectable: true,
			scannable: true,
			legacy: true,
			data: new Uint8Array(3),
			response: new Uint8Array(0),
			interval: 20_000,
		},
		{ capability: 251, accept: () => peripheral.made, connected: () => undefined },
	);
	radio.initiate({
		station: radio.join(new DeviceAddress("00:00:00:00:00:aa", false)),
		peer: camera.address,
		parameters: FAST,
		capability: 251,
		user: central.made,
		connected: (made) => {
			link = made;
		},
	});
	world.advanceTo(100_000);
	if (link === undefined) throw new Error("no connection was made");
	radio.loss = options.loss ?? 0;
	return { world, radio, link, central: central.log, peripheral: peripheral.log, camera };
}

describe("RadioLink", () => {
	it("delivers everything once and in order at any loss the seed brings", () => {
		for (const seed of [1, 2, 3, 4, 5]) {
			const { world, link, peripheral, central } = connected({ seed, loss: 0.3 });
			for (let index = 0; index < 200; index++) {
				link.central.send(Uint8Array.of(index), true);
				link.peripheral.send(Uint8Array.of(255 - index), true);
			}
			world.advanceTo(world.now + 5_000_000);
			expect(peripheral.received).toEqual(Array.from({ length: 200 }, (_value, index) => index));
			expect(central.received).toEqual(Array.from({ length: 200 }, (_value, index) => 255 - index));
			expect([central.sent, peripheral.sent, central.closed]).toEqual([200, 200, []]);
		}
	});

	it("carries in a second what whole packets in whole events allow", () => {
		const { world, link, peripheral } = connected();
		link.negotiateDataLength(link.peripheral, 251);
		link.setPhy(2);
		world.advanceTo(world.now + 500_000);
		for (let index = 0; index < 2000; index++) link.central.send(new Uint8Array(251), true);
		world.advanceTo(world.now + 1_000_000);
		const perEvent = Math.floor(15_000 / (airtime(251, 2) + airtime(0, 2) + 300));
		expect(perEvent).toBe(10);
		expect(peripheral.octets / 251 / perEvent).toBeGreaterThan(65);
		expect(peripheral.octets / 251 / perEvent).toBeLessThanOrEqual(67);
	});

	it("has one packet on the air at a time, of whatever lengths and in whichever direction they go", () => {
		for (const way of ["central", "peripheral"] as const) {
			const { world, link, central, peripheral } = connected();
			link.negotiateDataLength(link.peripheral, 251);
			link.setPhy(2);
			world.advanceTo(world.now + 500_000);
			const lengths = world.random.stream("lengths");
			for (let index = 0; index < 3000; index++)
				link[way].send(new Uint8Array(lengths.below(3) > 0 ? 251 : 5 + lengths.below(200)), true);
			const { arrivals } = way === "central" ? peripheral : central;
			arrivals.length = 0;
			world.advanceTo(world.now + 3_000_000);
			expect(arrivals.length).toBeGreaterThan(2000);
			const exchange = (octets: number) => airtime(octets, 2) + airtime(0, 2) + 300;
			const early = arrivals.filter(
				({ at, octets }, index) => at - (arrivals[index - 1]?.at ?? 0) < exchange(octets),
			);
			expect(early).toEqual([]);
		}
	});

	it("sends no more packets in an event than it has room for", () => {
		const { world, link, peripheral } = connected({ packetsPerEvent: 4 });
		for (let index = 0; index < 2000; index++) link.central.send(new Uint8Array(20), true);
		world.advanceTo(world.now + 1_500_000);
		expect(peripheral.received.length).toBeGreaterThan(99 * 4);
		expect(peripheral.received.length).toBeLessThanOrEqual(101 * 4);
	});

	it("ends at both ends when the supervision timeout passes in silence", () => {
		const { world, link, central, peripheral, radio } = connected();
		link.silence();
		world.advanceTo(world.now + 900_000);
		expect(central.closed).toEqual([]);
		world.advanceTo(world.now + 200_000);
		expect([central.closed, peripheral.closed, radio.links]).toEqual([[0x08], [0x08], 0]);
	});

	it("ends when the camera is carried out of range", () => {
		const { world, central, camera } = connected();
		camera.position = 1000;
		world.advanceTo(world.now + 1_100_000);
		expect(central.closed).toEqual([0x08]);
	});

	it("tells each end of a proper end what it should hear", () => {
		const { world, link, central, peripheral } = connected();
		link.terminate(link.central, 0x13);
		world.advanceTo(world.now + 50_000);
		expect([central.closed, peripheral.closed]).toEqual([[0x16], [0x13]]);
	});

	it("encrypts with the same key, refuses without one and ends with another", () => {
		const key = new Uint8Array(16).fill(7);
		const same = connected({ key });
		same.link.encrypt(key, () => undefined);
		same.world.advanceTo(same.world.now + 100_000);
		expect([same.link.encrypted, same.central.events]).toEqual([true, ["encrypted"]]);
		const none = connected();
		const refusals: number[] = [];
		none.link.encrypt(key, (status) => refusals.push(status));
		none.world.advanceTo(none.world.now + 100_000);
		expect([refusals, none.link.open]).toEqual([[0x06], true]);
		const other = connected({ key: new Uint8Array(16) });
		other.link.encrypt(key, () => undefined);
		other.world.advanceTo(other.world.now + 100_000);
		expect(other.central.closed).toEqual([0x3d]);
	});

	it("changes the interval at both ends at once and passes on what the peripheral asks for", () => {
		const { world, link, central, peripheral } = connected();
		link.requestParameters({ minimum: 80, maximum: 80, latency: 0, timeout: 400 });
		link.setParameters({ interval: 80, latency: 0, timeout: 400 });
		world.advanceTo(world.now + 1_000_000);
		expect(central.events).toEqual(["asked 80", "interval 80"]);
		expect(peripheral.events).toEqual(["interval 80"]);
	});
});

describe("throughputCeiling", () => {
	it("counts time on the air, spaces and headers", () => {
		const ceiling = throughputCeiling({ interval: 15_000, phy: 2, octets: 251, mtu: 247 });
		// One frame of 251 octets: 1040 µs, 150 µs, an answer of 44 µs, 150 µs.
		expect(Math.round(ceiling)).toBe(Math.round((244 * 1e6) / (airtime(251, 2) + 344)));
	});
});
