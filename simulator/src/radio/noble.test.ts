import { createRequire } from "node:module";
import { afterEach, describe, expect, it } from "vitest";
import { PtyPort } from "../ports/pty-port.ts";
import { Pacer } from "../world/pacer.ts";
import { createRandomness } from "../world/random.ts";
import { World } from "../world/world.ts";
import { DeviceAddress } from "./air/address.ts";
import { VirtualRadio } from "./air/radio.ts";
import { VirtualController } from "./controller/controller.ts";
import { advertisingData } from "./peripheral/advertising-data.ts";
import { VirtualPeripheral } from "./peripheral/peripheral.ts";

const SERVICE = "8d53dc1d1db74cd3868b8a527460aa84";
const CHARACTERISTIC = "da2e7828fbce4e01ae9e261174997c48";

interface Characteristic extends NodeJS.EventEmitter {
	readonly uuid: string;
	readonly properties: readonly string[];
	subscribeAsync(): Promise<void>;
	writeAsync(bytes: Buffer, withoutResponse: boolean): Promise<void>;
}

interface Peripheral extends NodeJS.EventEmitter {
	readonly address: string;
	readonly rssi: number;
	readonly mtu: number | null;
	readonly connectable: boolean;
	readonly advertisement: { readonly localName?: string; readonly serviceUuids: readonly string[] };
	connectAsync(options: { mtu: number }): Promise<void>;
	disconnectAsync(): Promise<void>;
	discoverSomeServicesAndCharacteristicsAsync(
		services: readonly string[],
		characteristics: readonly string[],
	): Promise<{ readonly characteristics: readonly Characteristic[] }>;
}

interface Noble extends NodeJS.EventEmitter {
	waitForPoweredOnAsync(timeout?: number): Promise<void>;
	startScanningAsync(services: readonly string[], duplicates: boolean): Promise<void>;
	stopScanningAsync(): Promise<void>;
	stop(): void;
}

// noble belongs to the tools, so it is not imported by name here.
const { withBindings } = createRequire(import.meta.url)("@stoprocent/noble") as {
	withBindings(kind: "hci", options: object): Noble;
};

/** How much faster than the wall clock the radio runs: nothing here is a figure of time. */
const HASTE = 20;

const endings: (() => void)[] = [];
afterEach(() => {
	for (const end of endings.splice(0).reverse()) end();
});

/** A radio with cameras on it that send back what is written to them, and noble on a controller. */
function simulated(cameras: number, extended: boolean, loss = 0, guarded = false) {
	const world = new World(createRandomness(7));
	const radio = new VirtualRadio(world);
	radio.loss = loss;
	const reasons: number[] = [];
	const secured: string[] = [];
	for (let index = 0; index < cameras; index++) {
		const device = new VirtualPeripheral({
			radio,
			address: new DeviceAddress(`c0:de:00:00:00:0${index + 1}`),
			position: 1 + index,
			services: [
				{
					uuid: SERVICE,
					characteristics: [
						{ uuid: CHARACTERISTIC, writeWithoutResponse: true, notify: true, encrypted: guarded },
					],
				},
			],
			handlers: {
				written: (client, handle, value) => client.notify(handle, value),
				securityChanged: ({ peer }) => secured.push(peer.text),
				disconnected: (_client, reason) => reasons.push(reason),
			},
		});
		device.advertise({
			connectable: true,
			scannable: true,
			legacy: true,
			data: advertisingData({ flags: true, service: SERVICE }),
			response: advertisingData({ name: `camera-${index + 1}` }),
			interval: 100_000,
		});
	}
	const port = new PtyPort();
	const controller = new VirtualController(port, { radio, extended });
	const pacer = new Pacer(
		world,
		(error) => {
			throw error;
		},
		{
			now: () => performance.now() * HASTE,
			later: (ms, callback) => {
				const timer = setTimeout(callback, ms / HASTE);
				return () => clearTimeout(timer);
			},
		},
	);
	const noble = withBindings("hci", {
		hciDriver: "uart",
		bindParams: { uart: { port: port.path, baudRate: 1_000_000 }, usb: undefined },
	});
	endings.push(
		() => controller.close(),
		() => pacer.stop(),
		() => noble.stop(),
	);
	return { noble, reasons, secured, radio };
}

/** Scans until so many peripherals were found. */
async function found(noble: Noble, count: number): Promise<Peripheral[]> {
	await noble.waitForPoweredOnAsync(10_000);
	const peripherals = new Map<string, Peripheral>();
	const all = new Promise<void>((resolve) => {
		noble.on("discover", (peripheral: Peripheral) => {
			peripherals.set(peripheral.address, peripheral);
			if (peripherals.size === count) resolve();
		});
	});
	await noble.startScanningAsync([SERVICE], false);
	await all;
	await noble.stopScanningAsync();
	return [...peripherals.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** Connects, subscribes, and gives a function that sends bytes and waits for them to come back. */
async function opened(peripheral: Peripheral) {
	await peripheral.connectAsync({ mtu: 498 });
	const { characteristics } = await peripheral.discoverSomeServicesAndCharacteristicsAsync(
		[SERVICE],
		[CHARACTERISTIC],
	);
	const characteristic = characteristics[0];
	if (characteristic === undefined) throw new Error("the characteristic was not found");
	await characteristic.subscribeAsync();
	return async (bytes: Buffer) => {
		const answer = new Promise<Buffer>((resolve) => characteristic.once("data", resolve));
		await characteristic.writeAsync(bytes, true);
		return answer;
	};
}

for (const extended of [false, true]) {
	describe(`noble on a controller with ${extended ? "extended" : "legacy"} commands`, () => {
		it("finds cameras by name with their signal strength", async () => {
			const { noble } = simulated(5, extended);
			const peripherals = await found(noble, 5);
			expect(peripherals.map(({ advertisement }) => advertisement.localName)).toEqual(
				[1, 2, 3, 4, 5].map((number) => `camera-${number}`),
			);
			for (const { rssi, connectable } of peripherals) {
				expect(rssi).toBeLessThan(-50);
				expect(rssi).toBeGreaterThan(-75);
				expect(Boolean(connectable)).toBe(true);
			}
		});

		it("writes and hears the longest values the MTU allows, and disconnects", async () => {
			const { noble, reasons, radio } = simulated(1, extended);
			const [peripheral] = await found(noble, 1);
			if (peripheral === undefined) throw new Error("nothing was found");
			const echo = await opened(peripheral);
			expect(peripheral.mtu).toBe(498);
			for (let length = 1; length <= 495; length += 38) {
				const bytes = Buffer.alloc(length, length);
				expect(Buffer.compare(await echo(bytes), bytes)).toBe(0);
			}
			await peripheral.disconnectAsync();
			await expect.poll(() => [reasons, radio.links]).toEqual([[0x13], 0]);
		});
	});
}

describe("noble on a lossy radio", () => {
	it("gets every value back from three cameras at once", async () => {
		const { noble } = simulated(3, false, 0.1);
		const peripherals = await found(noble, 3);
		const echoes = [];
		for (const peripheral of peripherals) echoes.push(await opened(peripheral));
		await Promise.all(
			echoes.map(async (echo, camera) => {
				for (let round = 0; round < 20; round++) {
					const bytes = Buffer.alloc(300, camera * 32 + round);
					expect(Buffer.compare(await echo(bytes), bytes)).toBe(0);
				}
			}),
		);
	});
});

describe("noble and a characteristic that demands encryption", () => {
	it("pairs with Just Works, encrypts and goes on", async () => {
		const { noble, secured } = simulated(1, false, 0, true);
		const [peripheral] = await found(noble, 1);
		if (peripheral === undefined) throw new Error("nothing was found");
		const echo = await opened(peripheral);
		expect(secured).toEqual(["00:00:00:00:00:aa"]);
		expect(await echo(Buffer.from("kept between us"))).toEqual(Buffer.from("kept between us"));
	});
});
