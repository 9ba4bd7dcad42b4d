import type { BytePort, ByteReceiver } from "./byte-port.ts";
import type { DatagramPort, DatagramReceiver } from "./datagram-port.ts";
import { type Later, PacedLine } from "./paced-line.ts";

/** Time a datagram takes, µs. */
const FLIGHT_TIME = 100;

/** The peer handle of the one who holds the other end. */
const PEER = 1;

/** A datagram link whose other end is in this process, in virtual time. */
export class MemoryDatagramPort implements DatagramPort {
	readonly #later: Later;
	#receiver: DatagramReceiver | undefined;
	#onDatagram: ((bytes: Uint8Array) => void) | undefined;

	constructor(later: Later) {
		this.#later = later;
	}

	connect(receiver: DatagramReceiver): void {
		this.#receiver = receiver;
	}

	send(bytes: Uint8Array): void {
		this.#later(FLIGHT_TIME, () => this.#onDatagram?.(bytes));
	}

	close(): void {
		this.#receiver = undefined;
		this.#onDatagram = undefined;
	}

	/** From the other end: sends to the camera. */
	transmit(bytes: Uint8Array): void {
		const copy = bytes.slice();
		this.#later(FLIGHT_TIME, () => this.#receiver?.received(copy, PEER));
	}

	/** At the other end: who gets what the camera sends. */
	listen(onDatagram: ((bytes: Uint8Array) => void) | undefined): void {
		this.#onDatagram = onDatagram;
	}
}

/** A serial line whose other end is in this process, in virtual time and at a given speed. */
export class MemoryBytePort implements BytePort {
	readonly #toBoard: PacedLine;
	readonly #fromBoard: PacedLine;
	#receiver: ByteReceiver | undefined;
	#onBytes: ((bytes: Uint8Array) => void) | undefined;
	#paused = false;
	#held: Uint8Array[] = [];

	/** @param baud - bits per second, ten of them a byte */
	constructor(later: Later, baud = 921_600) {
		this.#toBoard = new PacedLine(later, baud, (bytes) => {
			if (this.#paused) this.#held.push(bytes);
			else this.#receiver?.received(bytes);
		});
		this.#fromBoard = new PacedLine(later, baud, (bytes) => this.#onBytes?.(bytes));
	}

	connect(receiver: ByteReceiver): void {
		this.#receiver = receiver;
	}

	write(bytes: Uint8Array, done: () => void): void {
		this.#fromBoard.send(bytes, done);
	}

	pause(paused: boolean): void {
		this.#paused = paused;
		while (!this.#paused) {
			const bytes = this.#held.shift();
			if (!bytes) return;
			this.#receiver?.received(bytes);
		}
	}

	close(): void {
		this.#receiver = undefined;
		this.#onBytes = undefined;
		this.#held = [];
	}

	/** From the other end: opens or closes it. */
	plug(open: boolean): void {
		this.#receiver?.carrier(open);
	}

	/** From the other end: sends bytes to the camera. */
	transmit(bytes: Uint8Array): void {
		this.#toBoard.send(bytes.slice());
	}

	/** At the other end: who gets what the camera sends. */
	listen(onBytes: ((bytes: Uint8Array) => void) | undefined): void {
		this.#onBytes = onBytes;
	}
}
