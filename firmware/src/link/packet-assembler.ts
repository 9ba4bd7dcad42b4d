import { HEADER_BYTES } from "@bodycam/protocol/smp/header";
import type { MediaMemory } from "../hal/media-memory.ts";

/** Time without a write after which a packet's rest is not awaited any more, µs: longer than a link lives in silence. */
const STALE_AFTER = 6_000_000;

/** Where the header says how long the payload is. */
const LENGTH_AT = 2;

/**
 * Puts SMP packets together from the values that a client writes (Zephyr, SMP over Bluetooth): a packet begins with a
 * write that holds its whole header, and ends with a write. What is too long is dropped to its end, so that none of it
 * is taken for another request.
 */
export class PacketAssembler {
	/** Packets that were dropped. */
	dropped = 0;
	/** Offset of the packet that `add` has completed. */
	readonly at: number;
	private readonly memory: MediaMemory;
	private readonly bytes: Uint8Array;
	private readonly packetMax: number;
	private length = 0;
	/** Bytes of the packet under way; 0 between packets. */
	private expected = 0;
	/** Bytes of a dropped packet that are still to come. */
	private skipping = 0;
	private lastAdded = 0;

	/** @param at - where packets are put together @param packetMax - bytes of the longest */
	constructor(memory: MediaMemory, at: number, packetMax: number) {
		this.memory = memory;
		this.at = at;
		this.packetMax = packetMax;
		this.bytes = new Uint8Array(memory.memory, at, packetMax);
	}

	/**
	 * Takes a written value from media memory.
	 * @param now - time on the board's clock, µs
	 * @returns bytes of the packet that is whole now; 0 while it is not
	 */
	add(at: number, length: number, now: number): number {
		if (now - this.lastAdded > STALE_AFTER) this.reset();
		this.lastAdded = now;
		if (this.skipping > 0) {
			this.skipping = Math.max(0, this.skipping - length);
			return 0;
		}
		return this.expected === 0 ? this.begin(at, length) : this.go(at, length);
	}

	private begin(at: number, length: number): number {
		if (length < HEADER_BYTES) {
			this.dropped++;
			return 0;
		}
		this.memory.copy(this.at, at, HEADER_BYTES);
		const { bytes } = this;
		this.expected = HEADER_BYTES + (((bytes[LENGTH_AT] ?? 0) << 8) | (bytes[LENGTH_AT + 1] ?? 0));
		this.length = 0;
		return this.go(at, length);
	}

	private go(at: number, length: number): number {
		const { expected } = this;
		const whole = this.length + length;
		if (expected > this.packetMax || whole > expected) {
			this.dropped++;
			this.skipping = Math.max(0, expected - whole);
			this.expected = 0;
			return 0;
		}
		this.memory.copy(this.at + this.length, at, length);
		this.length = whole;
		if (whole < expected) return 0;
		this.expected = 0;
		return whole;
	}

	private reset(): void {
		if (this.expected > 0) this.dropped++;
		this.expected = 0;
		this.skipping = 0;
	}
}
