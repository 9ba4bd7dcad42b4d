/**
 * Bytes on their way into the image's serial port. The port takes what fits into its buffers; records that name
 * bytes which it has not taken yet must wait, or the image would wait for bytes that can never come.
 */
interface Portion {
	readonly bytes: Uint8Array;
	/** Records that were posted before the one that names these bytes. */
	readonly record: number;
	/** Bytes the port has taken. */
	sent: number;
}

/** What does not fit into the serial port yet. */
export class SerialInput {
	readonly #send: (bytes: Uint8Array, from: number) => number;
	readonly #waiting: Portion[] = [];

	/** @param send - offers bytes to the port, from an index on; returns how many it took */
	constructor(send: (bytes: Uint8Array, from: number) => number) {
		this.#send = send;
	}

	/** Adds bytes. @param record - records that were posted before the one that names them */
	add(bytes: Uint8Array, record: number): void {
		this.#waiting.push({ bytes, record, sent: 0 });
	}

	/** Sends what fits. Returns how many records may be handled: those before the first bytes that wait. */
	send(): number {
		for (let portion = this.#waiting[0]; portion; portion = this.#waiting[0]) {
			portion.sent += this.#send(portion.bytes, portion.sent);
			if (portion.sent < portion.bytes.length) return portion.record;
			this.#waiting.shift();
		}
		return Infinity;
	}
}
