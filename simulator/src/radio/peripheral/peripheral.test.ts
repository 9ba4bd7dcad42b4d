import { describe, expect, it } from "vitest";
import { createRandomness } from "../../world/random.ts";
import { World } from "../../world/world.ts";
import { DeviceAddress } from "../air/address.ts";
import type { RadioLink } from "../air/link.ts";
import type { LinkUser } from "../air/link-end.ts";
import { VirtualRadio } from "../air/radio.ts";
import { l2capFrame } from "../l2cap/frames.ts";
import { advertisingData } from "./advertising-data.ts";
import type { PeripheralConnection } from "./connection.ts";
import { VirtualPeripheral } from "./peripheral.ts";

const VALUE = 3;
const CAMERA = new DeviceAddress("c0:de:00:00:00:01");

/** A camera for so many clients, and a way to connect to it. */
function camera(maximumClients: number) {
	const world = new World(createRandomness(5));
	const radio = new VirtualRadio(world);
	const clients: PeripheralConnection[] = [];
	const log: string[] = [];
	const device = new VirtualPeripheral({
		radio,
		address: CAMERA,
		maximumClients,
		services: [{ uuid: "fff0", characteristics: [{ uuid: "fff1", notify: true }] }],
		handlers: {
			connected: (client) => clients.push(client),
			disconnected: (_client, reason) => log.push(`disconnected ${reason}`),
			mtu: (_client, octets) => log.push(`mtu ${octets}`),
			writable: () => log.push("writable"),
			parametersChanged: (_client, { interval }) => log.push(`interval ${interval}`),
		},
	});
	device.advertise({
		connectable: true,
		scannable: true,
		legacy: true,
		data: advertisingData({ flags: true }),
		response: advertisingData({ name: "camera" }),
		interval: 50_000,
	});
	const connect = () => {
		const made: { link: RadioLink | undefined; received: Uint8Array[] } = { link: undefined, received: [] };
		const nothing = () => undefined;
		const user: LinkUser = {
			received: (payload) => made.received.push(payload),
			sent: nothing,
			closed: nothing,
			parametersChanged: nothing,
			dataLengthChanged: nothing,
			phyChanged: nothing,
			encryptionStarted: nothing,
			parametersRequested: ({ maximum, latency, timeout }) =>
				made.link?.setParameters({ interval: maximum, latency, timeout }),
			keyWanted: nothing,
		};
		radio.initiate({
			station: radio.join(new DeviceAddress("00:00:00:00:00:aa", false)),
			peer: CAMERA,
			parameters: { interval: 12, latency: 0, timeout: 100 },
			capability: 251,
			user,
			connected: (link) => {
				made.link = link;
			},
		});
		world.advanceTo(world.now + 300_000);
		return made;
	};
	return { radio, device, clients, log, connect, run: (time: number) => world.advanceTo(world.now + time) };
}

function subscribe(link: RadioLink | undefined): void {
	link?.central.send(l2capFrame(4, Uint8Array.of(0x12, VALUE + 1, 0, 1, 0)), true);
}

describe("VirtualPeripheral", () => {
	it("takes as many clients as it has room for, and the next once one has gone", () => {
		const { clients, connect, run } = camera(2);
		const first = connect();
		const second = connect();
		const third = connect();
		expect([first.link?.open, second.link?.open, third.link]).toEqual([true, true, undefined]);
		clients[0]?.disconnect();
		run(500_000);
		expect([first.link?.open, third.link?.open, clients.length]).toEqual([false, true, 3]);
	});

	it("is heard while it has no room, and says that it cannot be connected to", () => {
		const { radio, connect, clients, run } = camera(1);
		connect();
		const heard: boolean[] = [];
		radio.listen({
			station: radio.join(new DeviceAddress("00:00:00:00:00:bb", false)),
			active: false,
			duty: 1,
			heard: ({ advertisement }) => heard.push(advertisement.connectable),
		});
		run(300_000);
		expect([heard.length > 2, heard.includes(true)]).toEqual([true, false]);
		clients[0]?.disconnect();
		run(500_000);
		expect(heard.at(-1)).toBe(true);
	});

	it("hears of a client that vanished when the timeout has passed, and can be found again", () => {
		const { log, connect, run } = camera(1);
		connect().link?.silence();
		run(2_000_000);
		expect(log).toEqual(["disconnected 8"]);
		expect(connect().link?.open).toBe(true);
	});

	it("notifies subscribers alone, says when too much waits and when there is room again", () => {
		const { clients, connect, run, log } = camera(1);
		const { link } = connect();
		const client = clients[0];
		expect(client?.notify(VALUE, Uint8Array.of(1))).toBe("refused");
		subscribe(link);
		run(100_000);
		const answers = Array.from({ length: 9 }, () => client?.notify(VALUE, new Uint8Array(20)));
		expect(answers).toEqual([...Array(8).fill("accepted"), "busy"]);
		expect(client?.notify(VALUE, new Uint8Array(21))).toBe("busy");
		run(100_000);
		expect(log).toEqual(["writable"]);
		expect(client?.notify(VALUE, new Uint8Array(21))).toBe("refused");
		client?.disconnect();
		run(100_000);
		expect(client?.notify(VALUE, new Uint8Array(1))).toBe("refused");
	});

	it("gets the connection parameters it asks for from a client that agrees", () => {
		const { clients, connect, run, log } = camera(1);
		connect();
		clients[0]?.requestParameters({ minimum: 80, maximum: 160, latency: 2, timeout: 400 });
		run(500_000);
		expect(log).toEqual(["interval 160"]);
		expect(clients[0]?.parameters).toEqual({ interval: 160, latency: 2, timeout: 400 });
	});

	it("rejects signaling it does not offer", () => {
		const { connect, run } = camera(1);
		const { link, received } = connect();
		link?.central.send(l2capFrame(5, Uint8Array.of(0x14, 7, 0, 0)), true);
		run(100_000);
		expect(received).toEqual([l2capFrame(5, Uint8Array.of(1, 7, 2, 0, 0, 0))]);
	});

	it("refuses an advertisement longer than the air takes", () => {
		expect(() => advertisingData({ flags: true, name: "a name of twenty-seven bytes" })).toThrow(/31 fit/);
	});
});
