import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import {
	ConsoleEncoder,
	FRAME_EXTRA_BYTES,
	type FrameEncoder,
	PREFIX_BYTES,
	RawEncoder,
} from "./frame-encoder.ts";

/** Options of `LineTransmitter`. */
export interface LineTransmitterOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where packets are framed and wait to be sent. */
	readonly region: MediaRegion;
	/** Largest packet, bytes. */
	readonly packetMax: number;
	/** Sends bytes; they stay unchanged until `written`. */
	readonly write: (at: number, length: number) => void;
}

/**
 * Sends SMP packets on a serial line, in console or in binary frames. What comes while a write is under way is
 * collected and sent as one block, so that the line is kept full with few writes.
 */
export class LineTransmitter {
	private readonly options: LineTransmitterOptions;
	private readonly bytes: Uint8Array;
	private readonly console: FrameEncoder;
	private readonly raw: FrameEncoder;
	private readonly packetAt: number;
	private readonly blockBytes: number;
	/** Start of the block being filled; the other one may be under way. */
	private fillAt: number;
	private otherAt: number;
	private filled = 0;
	private writing = false;

	/** @param options - see `LineTransmitterOptions` @throws RangeError when a packet does not fit a block */
	constructor(options: LineTransmitterOptions) {
		const { memory, region, packetMax } = options;
		this.options = options;
		this.bytes = new Uint8Array(memory.memory);
		this.console = new ConsoleEncoder(memory);
		this.raw = new RawEncoder(memory);
		this.packetAt = region.at + PREFIX_BYTES;
		const blocksAt = region.at + packetMax + FRAME_EXTRA_BYTES;
		this.blockBytes = Math.floor((region.at + region.bytes - blocksAt) / 2);
		this.fillAt = blocksAt;
		this.otherAt = blocksAt + this.blockBytes;
		if (this.console.framedBytes(packetMax) > this.blockBytes)
			throw new RangeError("the transmitter's region is too small");
	}

	/** Whether a packet of that length finds room now, in either framing. */
	hasRoom(packetLength: number): boolean {
		return this.filled + this.console.framedBytes(packetLength) <= this.blockBytes;
	}

	/**
	 * Frames a packet and sends it as soon as the line is free.
	 * @param raw - in a binary frame
	 * @throws RangeError when there is no room for it
	 */
	send(packet: Uint8Array, raw: boolean): void {
		if (!this.hasRoom(packet.length)) throw new RangeError("no room for another packet");
		this.bytes.set(packet, this.packetAt);
		const encoder = raw ? this.raw : this.console;
		const end = encoder.encode(this.packetAt, packet.length, this.fillAt + this.filled);
		this.filled = end - this.fillAt;
		this.flush();
	}

	/** The last write was taken. */
	written(): void {
		this.writing = false;
		this.flush();
	}

	/** Forgets what is under way: nobody is there to read it. */
	reset(): void {
		this.filled = 0;
	}

	private flush(): void {
		if (this.writing || this.filled === 0) return;
		const at = this.fillAt;
		const length = this.filled;
		this.fillAt = this.otherAt;
		this.otherAt = at;
		this.filled = 0;
		this.writing = true;
		this.options.write(at, length);
	}
}
