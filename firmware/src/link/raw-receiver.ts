import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";

/** Code byte of a full run of 254 bytes, which stands for no zero. */
const FULL_RUN = 255;
const CHECKSUM_BYTES = 2;
const HEADER_MIN = 8;

/** Options of `RawReceiver`. */
export interface RawReceiverOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where packets are put together: the largest packet and its checksum. */
	readonly region: MediaRegion;
	/** Largest packet, bytes; longer ones are dropped. */
	readonly packetMax: number;
}

/**
 * Takes the byte stuffing of one binary frame (`protocol/src/smp/raw-framing.ts`) back as it comes in. The bytes are
 * moved and checked natively, run by run, and nothing is kept on the engine's heap.
 */
export class RawReceiver {
	private readonly memory: MediaMemory;
	private readonly bytes: Uint8Array;
	private readonly at: number;
	private readonly limit: number;
	/** Bytes unstuffed. */
	private length = 0;
	/** Bytes of the run that are still to come. */
	private left = 0;
	/** A zero follows the run, unless the frame ends with it. */
	private zero = false;
	private bad = false;

	/** @param options - see `RawReceiverOptions` @throws RangeError when the region is too small */
	constructor(options: RawReceiverOptions) {
		const { memory, region, packetMax } = options;
		if (region.bytes < packetMax + CHECKSUM_BYTES)
			throw new RangeError("the raw receiver's region is too small");
		this.memory = memory;
		this.bytes = new Uint8Array(memory.memory);
		this.at = region.at;
		this.limit = packetMax + CHECKSUM_BYTES;
	}

	/** Where the packet lies after `finish` has found one. */
	get packetAt(): number {
		return this.at;
	}

	/** Whether nothing of a frame has come yet. */
	get empty(): boolean {
		return this.length === 0 && this.left === 0 && !this.zero && !this.bad;
	}

	/** Begins a frame. */
	begin(): void {
		this.length = 0;
		this.left = 0;
		this.zero = false;
		this.bad = false;
	}

	/** Takes bytes of the frame; there is no zero among them. @returns false when it cannot become a packet any more */
	take(at: number, length: number): boolean {
		const end = at + length;
		for (let from = at; from < end && !this.bad; ) {
			if (this.left === 0) {
				const code = this.bytes[from++] ?? 0;
				if (this.zero) this.put(0, 0);
				this.left = code - 1;
				this.zero = code < FULL_RUN;
				continue;
			}
			const part = Math.min(this.left, end - from);
			this.put(from, part);
			this.left -= part;
			from += part;
		}
		return !this.bad;
	}

	/** The frame has ended. @returns the length of its packet; 0 when it is damaged */
	finish(): number {
		const { length } = this;
		const whole = !this.bad && this.left === 0 && length >= HEADER_MIN + CHECKSUM_BYTES;
		// The checksum follows its packet big-endian, so that the CRC over both is 0.
		return whole && this.memory.crc16(this.at, length) === 0 ? length - CHECKSUM_BYTES : 0;
	}

	/** Adds bytes; without any, a zero. */
	private put(from: number, length: number): void {
		const added = length === 0 ? 1 : length;
		if (this.length + added > this.limit) this.bad = true;
		else if (length === 0) this.bytes[this.at + this.length] = 0;
		else this.memory.copy(this.at + this.length, from, length);
		this.length += added;
	}
}
