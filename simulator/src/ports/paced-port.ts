import type { BytePort, ByteReceiver } from "./byte-port.ts";
import { type Later, PacedLine } from "./paced-line.ts";

/** Bytes that may wait at this end of the line before the other one is told to stop: a driver of a USB adapter holds as many. */
const HOST_BYTES = 16_384;

/** What a paced port needs of the world: its timers, and how something from outside happens in it. */
export interface LineWorld {
	/** Has something happen a little later. */
	readonly later: Later;
	/** Has something from outside happen now. */
	inject(action: () => void): void;
}

/**
 * A serial line of a given speed in front of a port that is faster: a pseudo-terminal takes whatever it is given at
 * once, a real line 11,520 bytes a second at 115,200 baud.
 */
export class PacedPort implements BytePort {
	readonly #port: BytePort;
	readonly #world: LineWorld;
	readonly #toBoard: PacedLine;
	readonly #fromBoard: PacedLine;
	#receiver: ByteReceiver | undefined;
	#stopped = false;
	#held: Uint8Array[] = [];

	/** @param port - where the line leads @param baud - bits a second, ten of them a byte */
	constructor(port: BytePort, world: LineWorld, baud: number) {
		this.#port = port;
		this.#world = world;
		this.#toBoard = new PacedLine(world.later, baud, (bytes) => this.#arrived(bytes));
		this.#fromBoard = new PacedLine(world.later, baud, (bytes) => port.write(bytes, () => undefined));
	}

	connect(receiver: ByteReceiver): void {
		this.#receiver = receiver;
		this.#port.connect({
			received: (bytes) => {
				const copy = bytes.slice();
				this.#world.inject(() => {
					this.#toBoard.send(copy);
					this.#pace();
				});
			},
			carrier: (open) => receiver.carrier(open),
		});
	}

	write(bytes: Uint8Array, done: () => void): void {
		this.#fromBoard.send(bytes, done);
	}

	pause(paused: boolean): void {
		this.#stopped = paused;
		while (!this.#stopped) {
			const bytes = this.#held.shift();
			if (bytes === undefined) break;
			this.#receiver?.received(bytes);
		}
		this.#pace();
	}

	close(): void {
		this.#toBoard.close();
		this.#fromBoard.close();
		this.#port.close();
	}

	#arrived(bytes: Uint8Array): void {
		if (this.#stopped) this.#held.push(bytes);
		else this.#receiver?.received(bytes);
		this.#pace();
	}

	/** Stops the other end while more waits than a driver would take. */
	#pace(): void {
		this.#port.pause(this.#stopped || this.#toBoard.waiting > HOST_BYTES);
	}
}
