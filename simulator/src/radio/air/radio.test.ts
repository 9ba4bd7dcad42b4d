import { describe, expect, it } from "vitest";
import { createRandomness } from "../../world/random.ts";
import { World } from "../../world/world.ts";
import { DeviceAddress } from "./address.ts";
import type { RadioLink } from "./link.ts";
import type { LinkUser } from "./link-end.ts";
import { type Reception, VirtualRadio } from "./radio.ts";
import type { Station } from "./station.ts";

const ADVERTISEMENT = {
	connectable: true,
	scannable: true,
	legacy: true,
	data: new Uint8Array(3),
	response: new Uint8Array(5),
	interval: 50_000,
};

function quiet(received: (octets: number) => void = () => undefined): LinkUser {
	const nothing = () => undefined;
	return {
		received: (payload) => received(payload.length),
		sent: nothing,
		closed: nothing,
		parametersChanged: nothing,
		dataLengthChanged: nothing,
		phyChanged: nothing,
		encryptionStarted: nothing,
		parametersRequested: nothing,
		keyWanted: nothing,
	};
}

function air(seed = 1) {
	const world = new World(createRandomness(seed));
	return { world, radio: new VirtualRadio(world) };
}

const camera = (index: number) => new DeviceAddress(`c0:de:00:00:00:0${index}`);

/** What a listener hears in a second of a device at some distance. */
function heard(
	metres: number,
	seed: number,
	set: (radio: VirtualRadio, station: Station) => void = () => undefined,
) {
	const { world, radio } = air(seed);
	const receptions: Reception[] = [];
	const station = radio.join(camera(1), metres);
	set(radio, station);
	radio.listen({
		station: radio.join(new DeviceAddress("00:00:00:00:00:aa", false)),
		active: true,
		duty: 1,
		heard: (reception) => receptions.push(reception),
	});
	const acceptor = { capability: 251, accept: () => quiet(), connected: () => undefined };
	const stop = radio.advertise(station, ADVERTISEMENT, acceptor);
	world.advanceTo(1_000_000);
	const count = receptions.length;
	stop();
	world.advanceTo(2_000_000);
	expect(receptions.length).toBe(count);
	return receptions;
}

describe("VirtualRadio", () => {
	it("gives every advertisement and its response until the advertiser stops", () => {
		const receptions = heard(2, 1);
		expect(receptions.length).toBeGreaterThan(2 * 15);
		expect(receptions.filter(({ response }) => response).length).toBe(receptions.length / 2);
	});

	it("weakens with the distance and hears nothing out of range", () => {
		const mean = (receptions: Reception[]) =>
			receptions.reduce((sum, { rssi }) => sum + rssi, 0) / receptions.length;
		expect(mean(heard(1, 1)) - mean(heard(10, 1))).toBeCloseTo(20, -1);
		expect(heard(1000, 1)).toEqual([]);
	});

	it("loses what it is told to lose, the same packets with the same seed", () => {
		const lossy = (seed: number) => heard(2, seed, (radio) => Object.assign(radio, { loss: 0.5 }));
		expect(lossy(1)).toEqual(lossy(1));
		expect(lossy(1).length).toBeLessThan(heard(2, 1).length * 0.75);
		expect(heard(2, 1, (_radio, station) => Object.assign(station, { loss: 1 }))).toEqual([]);
	});

	it("shares one radio's time among five connections and gives each its part", () => {
		const { world, radio } = air();
		const central = radio.join(new DeviceAddress("00:00:00:00:00:aa", false));
		const links: RadioLink[] = [];
		const octets = [0, 0, 0, 0, 0];
		for (let index = 0; index < 5; index++) {
			const peer = camera(index);
			const received = (length: number) => {
				octets[index] = (octets[index] ?? 0) + length;
			};
			radio.advertise(radio.join(peer, 2), ADVERTISEMENT, {
				capability: 251,
				accept: () => quiet(received),
				connected: (link) => links.push(link),
			});
			const parameters = { interval: 12, latency: 0, timeout: 100 };
			const user = quiet();
			radio.initiate({
				station: central,
				peer,
				parameters,
				capability: 251,
				user,
				connected: () => undefined,
			});
			world.advanceTo(world.now + 300_000);
		}
		for (const link of links) {
			link.negotiateDataLength(link.central, 251);
			link.setPhy(2);
		}
		world.advanceTo(world.now + 500_000);
		octets.fill(0);
		for (const link of links)
			for (let count = 0; count < 1000; count++) link.central.send(new Uint8Array(251), true);
		world.advanceTo(world.now + 1_000_000);
		// Ten packets of 251 octets fit an interval of 15 ms: one at least for each, most of them used.
		for (const each of octets) expect(each).toBeGreaterThanOrEqual(65 * 251);
		expect(octets.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(65 * 6 * 251);
		expect(octets.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(67 * 10 * 251);
	});
});
