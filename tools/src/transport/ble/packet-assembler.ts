import { HEADER_BYTES, readHeader } from "@bodycam/protocol/smp/header";

/** Longest pause between two parts of a packet, ms. */
const PATIENCE = 5000;

/**
 * Puts SMP packets together from notifications: a packet begins with a notification, says its length in its header and
 * goes on in the notifications after it (Zephyr, SMP over Bluetooth). Holds one packet at most.
 */
export class PacketAssembler {
	readonly #packet: (packet: Uint8Array) => void;
	readonly #now: () => number;
	#parts: Uint8Array[] = [];
	#length = 0;
	#wanted = 0;
	#heard = 0;

	/** @param packet - gets whole packets @param now - ms, monotonic */
	constructor(packet: (packet: Uint8Array) => void, now: () => number = () => performance.now()) {
		this.#packet = packet;
		this.#now = now;
	}

	/** Takes a notification. What begins no packet, and a packet that grows beyond its length, is dropped. */
	push(part: Uint8Array): void {
		const now = this.#now();
		if (now - this.#heard > PATIENCE) this.clear();
		this.#heard = now;
		if (this.#length === 0) {
			const header = readHeader(part);
			// The three uppermost bits are reserved and zero: text or the middle of a packet seldom looks so.
			if (header === undefined || (part[0] ?? 0) >> 5 !== 0) return;
			this.#wanted = HEADER_BYTES + header.length;
		}
		this.#parts.push(part);
		this.#length += part.length;
		if (this.#length < this.#wanted) return;
		const whole = this.#length === this.#wanted ? Buffer.concat(this.#parts) : undefined;
		this.clear();
		if (whole !== undefined) this.#packet(new Uint8Array(whole.buffer, whole.byteOffset, whole.length));
	}

	/** Forgets what has come of a packet. */
	clear(): void {
		this.#parts = [];
		this.#length = 0;
		this.#wanted = 0;
	}
}
