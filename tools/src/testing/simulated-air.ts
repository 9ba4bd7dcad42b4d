import type { BytePort } from "@bodycam/simulator/ports/byte-port";
import { PtyPort } from "@bodycam/simulator/ports/pty-port";
import { DeviceAddress } from "@bodycam/simulator/radio/air/address";
import { VirtualRadio } from "@bodycam/simulator/radio/air/radio";
import { VirtualController } from "@bodycam/simulator/radio/controller/controller";
import { advertisingData } from "@bodycam/simulator/radio/peripheral/advertising-data";
import type { PeripheralConnection } from "@bodycam/simulator/radio/peripheral/connection";
import { VirtualPeripheral } from "@bodycam/simulator/radio/peripheral/peripheral";
import { Pacer } from "@bodycam/simulator/world/pacer";
import { createRandomness } from "@bodycam/simulator/world/random";
import { World } from "@bodycam/simulator/world/world";
import { PacketAssembler } from "../transport/ble/packet-assembler.ts";
import { CHARACTERISTIC_UUID, SERVICE_UUID } from "../transport/ble/service.ts";
import type { Device } from "./memory-transport.ts";

/** How much faster than the wall clock the radio runs unless told otherwise. */
const HASTE = 20;

/** A device on the simulated air. */
export interface AirDevice {
	/** The name it advertises. */
	readonly name: string;
	/** Answers SMP. */
	readonly device: Device;
	/** Metres from the adapters. */
	readonly metres?: number;
	/** The largest MTU it agrees to, octets. */
	readonly maximumMtu?: number;
	/** False where it only advertises; pretended where noble takes it for one that can be connected to. */
	readonly connectable?: boolean | "pretended";
	/** What it says of itself, company identifier first. */
	readonly manufacturer?: Uint8Array;
	/** UUID of its characteristic, where it is not that of SMP. */
	readonly characteristic?: string;
	/** True where it falls silent as soon as a client subscribes. */
	readonly fallsSilent?: boolean;
}

/** A radio with devices that answer SMP, and adapters that noble opens. */
export class SimulatedAir {
	readonly world: World;
	readonly radio: VirtualRadio;
	/** The devices, in the order in which they were given. */
	readonly peripherals: VirtualPeripheral[] = [];
	readonly #controllers: VirtualController[] = [];
	readonly #pacer: Pacer;

	constructor(devices: readonly AirDevice[], options: { seed?: number; haste?: number } = {}) {
		const { seed = 7, haste = HASTE } = options;
		this.world = new World(createRandomness(seed));
		this.radio = new VirtualRadio(this.world);
		for (const [index, device] of devices.entries()) this.#add(device, index);
		this.#pacer = new Pacer(
			this.world,
			(error) => {
				throw error;
			},
			{
				now: () => performance.now() * haste,
				later: (ms, callback) => {
					const timer = setTimeout(callback, ms / haste);
					return () => clearTimeout(timer);
				},
			},
		);
	}

	/**
	 * Adds an adapter: the path of its HCI port, and how to take it away.
	 * @param through - leads its line through something else
	 */
	adapter(through: (port: BytePort) => BytePort = (port) => port): { readonly hci: string; remove(): void } {
		const port = new PtyPort();
		const index = this.#controllers.length;
		const controller = new VirtualController(through(port), {
			radio: this.radio,
			address: `00:00:00:00:00:a${index}`,
		});
		this.#controllers.push(controller);
		return { hci: port.path, remove: () => controller.close() };
	}

	/** Ends everything. */
	close(): void {
		for (const controller of this.#controllers) controller.close();
		this.#pacer.stop();
	}

	#add(given: AirDevice, index: number): void {
		const { name, device, metres = 2, connectable = true, maximumMtu } = given;
		const lines = new Map<PeripheralConnection, ServerLine>();
		const peripheral = new VirtualPeripheral({
			radio: this.radio,
			address: new DeviceAddress(`c0:de:00:00:00:0${index + 1}`),
			position: metres,
			maximumMtu,
			services: [
				{
					uuid: SERVICE_UUID,
					characteristics: [
						{
							uuid: given.characteristic ?? CHARACTERISTIC_UUID,
							writeWithoutResponse: true,
							notify: true,
						},
					],
				},
			],
			handlers: {
				connected: (client) => lines.set(client, new ServerLine(client, device)),
				written: (client, handle, value) => lines.get(client)?.written(handle, value),
				writable: (client) => lines.get(client)?.push(),
				subscribed: (client) => {
					if (given.fallsSilent) client.vanish();
				},
				disconnected: (client) => lines.delete(client),
			},
		});
		const scannable = connectable !== false;
		peripheral.advertise({
			connectable: connectable === true,
			scannable,
			legacy: true,
			data: advertisingData({
				flags: true,
				service: SERVICE_UUID,
				manufacturer: given.manufacturer,
				...(scannable ? {} : { name }),
			}),
			response: advertisingData({ name }),
			interval: 100_000,
		});
		this.peripherals.push(peripheral);
	}
}

/** The device's end of one connection: whole packets in, notifications out as the link takes them. */
class ServerLine {
	readonly #client: PeripheralConnection;
	readonly #requests: PacketAssembler;
	#handle = 0;
	#waiting: Uint8Array[] = [];

	constructor(client: PeripheralConnection, device: Device) {
		this.#client = client;
		this.#requests = new PacketAssembler((packet) => device(packet, (answer) => this.#answer(answer)));
	}

	written(handle: number, value: Uint8Array): void {
		this.#handle = handle;
		this.#requests.push(value);
	}

	push(): void {
		for (let part = this.#waiting[0]; part !== undefined; part = this.#waiting[0]) {
			if (this.#client.notify(this.#handle, part) === "busy") return;
			this.#waiting.shift();
		}
	}

	#answer(packet: Uint8Array): void {
		const room = this.#client.mtu - 3;
		for (let at = 0; at < packet.length; at += room) this.#waiting.push(packet.slice(at, at + room));
		this.push();
	}
}
