import { Datagram, Status } from "@bodycam/protocol/board/records";
import { DmaRing } from "../bus/dma-ring.ts";
import { type Bus, inMedia, type Peripheral } from "../bus/peripheral.ts";
import type { DatagramPort } from "../ports/datagram-port.ts";

/** Time the network controller takes for a datagram, µs. */
const SEND_TIME = 20;

/** Datagram links, one per unit. As on a network, what finds no room is lost. */
export class DatagramPeripheral implements Peripheral {
	readonly family = Datagram.CONFIGURE >> 8;
	readonly #bus: Bus;
	readonly #ports: readonly DatagramPort[];
	readonly #rings: readonly DmaRing[];
	#lost = 0;

	/** @param ports - the links, in order of units */
	constructor(bus: Bus, ports: readonly DatagramPort[]) {
		this.#bus = bus;
		this.#ports = ports;
		this.#rings = ports.map(() => new DmaRing());
		ports.forEach((port, unit) => {
			port.connect({ received: (bytes, peer) => this.#received(unit, bytes.slice(), peer) });
		});
	}

	/** Datagrams that found no room. */
	get lost(): number {
		return this.#lost;
	}

	receive(kind: number, unit: number, a: number, b: number, c: number, d: number): void {
		const ring = this.#rings[unit];
		switch (kind) {
			case Datagram.CONFIGURE:
				if (inMedia(this.#bus, "datagram", a, b)) ring?.configure(a, b);
				return;
			case Datagram.RELEASE:
				if (!ring?.release(a, b)) this.#bus.violation(`datagram: ${b} bytes at ${a} released out of order`);
				return;
			case Datagram.SEND:
				if (!inMedia(this.#bus, "datagram", a, b)) return;
				this.#ports[unit]?.send(this.#bus.media.read(a, b).slice(), c);
				this.#bus.schedule(SEND_TIME, () => this.#bus.post(Datagram.SENT, unit, Status.ok, 0, 0, d));
				return;
			default:
				this.#bus.violation(`datagram: unknown record ${kind.toString(16)}`);
		}
	}

	halt(): void {
		for (const ring of this.#rings) ring.forget();
	}

	close(): void {
		for (const port of this.#ports) port.close();
	}

	#received(unit: number, bytes: Uint8Array, peer: number): void {
		this.#bus.inject(() => {
			const at = this.#rings[unit]?.reserve(bytes.length) ?? -1;
			if (at < 0) {
				this.#lost += 1;
				return;
			}
			this.#bus.media.write(at, bytes);
			this.#bus.post(Datagram.RECEIVED, unit, at, bytes.length, peer);
		});
	}
}
