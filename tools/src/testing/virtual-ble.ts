import { ATT_HEADER_OCTETS } from "@bodycam/protocol/smp/ble";
import type { BleClient } from "@bodycam/simulator/testing/ble-client";
import type { BootedCamera } from "@bodycam/simulator/testing/boot-camera";
import { ConnectionError } from "../errors.ts";
import type { SmpTransport, TransportListener } from "../transport/transport.ts";
import { VirtualTime } from "./virtual-time.ts";

/** Connection interval, units of 1.25 ms: 15 ms. */
const INTERVAL = 12;

/** A camera's Bluetooth in virtual time, for the client that talks over real adapters. */
export class VirtualBle implements SmpTransport {
	readonly address = "virtual-ble:";
	readonly maxPacket = 65_535;
	readonly packetRate = 8000;
	/** The connection's other end. */
	readonly client: BleClient;
	readonly #time: VirtualTime;
	#listener: TransportListener | undefined;

	/** Connects. @param loss - part of the packets that is lost from then on, 0 to 1 @throws Error where nobody advertises */
	constructor(camera: BootedCamera, loss = 0) {
		this.#time = new VirtualTime(camera.world);
		this.client = camera.connectBle({ parameters: { interval: INTERVAL, latency: 0, timeout: 400 } });
		if (camera.air) camera.air.loss = loss;
		this.client.listen((packet) => {
			this.#time.heard();
			this.#listener?.packet(packet);
		});
	}

	/** Bytes of values in one write. */
	get room(): number {
		return this.client.mtu - ATT_HEADER_OCTETS;
	}

	listen(listener: TransportListener): void {
		this.#listener = listener;
	}

	async send(packet: Uint8Array): Promise<void> {
		if (!this.client.connected) throw new ConnectionError("the link was lost");
		this.client.transmit(packet);
	}

	async close(): Promise<void> {
		const { link } = this.client;
		link?.terminate(link.central, 0x13);
	}

	/** Lets virtual time pass until the work is done. */
	while<T>(work: Promise<T>): Promise<T> {
		return this.#time.while(work);
	}
}
