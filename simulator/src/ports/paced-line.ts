/** Has something happen a little later in the world: how a port keeps virtual time. */
export type Later = (delayUs: number, action: () => void) => void;

/** Bits on the line for a byte: a start bit, eight bits, a stop bit. */
const BITS_PER_BYTE = 10;

/** Most bytes that arrive at once: what a serial controller collects before it says so. */
const SLICE_BYTES = 256;

interface Sending {
	readonly bytes: Uint8Array;
	readonly done: (() => void) | undefined;
	at: number;
}

/** One direction of a serial line: bytes arrive in order and no faster than its speed allows. */
export class PacedLine {
	/** Bytes that have not arrived yet. */
	waiting = 0;
	readonly #later: Later;
	readonly #byteTime: number;
	readonly #deliver: (bytes: Uint8Array) => void;
	#queue: Sending[] = [];
	#carried = 0;
	#busy = false;
	#closed = false;

	/** @param baud - bits a second @param deliver - gets the bytes at the other end */
	constructor(later: Later, baud: number, deliver: (bytes: Uint8Array) => void) {
		this.#later = later;
		this.#byteTime = (BITS_PER_BYTE * 1e6) / baud;
		this.#deliver = deliver;
	}

	/** Puts bytes on the line; they must not change. @param done - called when the last of them has arrived */
	send(bytes: Uint8Array, done?: () => void): void {
		this.#queue.push({ bytes, done, at: 0 });
		this.waiting += bytes.length;
		if (!this.#busy) this.#next();
	}

	/** Forgets what is on the line. */
	close(): void {
		this.#closed = true;
		this.#queue = [];
		this.waiting = 0;
	}

	#next(): void {
		const sending = this.#queue[0];
		this.#busy = sending !== undefined && !this.#closed;
		if (sending === undefined || this.#closed) return;
		const slice = sending.bytes.subarray(sending.at, sending.at + SLICE_BYTES);
		// Whole µs only; the rest goes to the next slice, so that the line is exactly as fast as it should be.
		const exact = slice.length * this.#byteTime + this.#carried;
		const time = Math.floor(exact);
		this.#carried = exact - time;
		this.#later(time, () => {
			if (this.#closed) return;
			sending.at += slice.length;
			this.waiting -= slice.length;
			const whole = sending.at >= sending.bytes.length;
			if (whole) this.#queue.shift();
			this.#deliver(slice);
			if (whole) sending.done?.();
			this.#next();
		});
	}
}
