import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";

/** Longest line, markers and line feed included. */
const LINE_MAX = 127;
const MARKER_BYTES = 2;
/** Raw bytes of a full line: 124 characters of base64. */
const RAW_BYTES_PER_LINE = 93;
const CHARACTERS_PER_LINE = 124;
const FRAME_EXTRA_BYTES = 4;
/** `0a 04 14`: the end of a line and the marker of the next. */
const BREAK_BYTES = 3;

/** Options of `ConsoleTransmitter`. */
export interface ConsoleTransmitterOptions {
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
 * Sends SMP packets on a serial line in console framing. What comes while a write is under way is collected and
 * sent as one block, so that the line is kept full with few writes.
 */
export class ConsoleTransmitter {
	private readonly options: ConsoleTransmitterOptions;
	private readonly bytes: Uint8Array;
	private readonly breakAt: number;
	private readonly frameAt: number;
	private readonly blockBytes: number;
	/** Start of the block being filled; the other one may be under way. */
	private fillAt: number;
	private otherAt: number;
	private filled = 0;
	private writing = false;

	/** @param options - see `ConsoleTransmitterOptions` @throws RangeError when a packet does not fit a block */
	constructor(options: ConsoleTransmitterOptions) {
		const { memory, region, packetMax } = options;
		const frameBytes = packetMax + FRAME_EXTRA_BYTES;
		this.options = options;
		this.bytes = new Uint8Array(memory.memory);
		this.breakAt = region.at;
		this.bytes.set([0x0a, 0x04, 0x14], this.breakAt);
		this.frameAt = region.at + BREAK_BYTES + 1;
		const blocksAt = this.frameAt + frameBytes;
		this.blockBytes = Math.floor((region.at + region.bytes - blocksAt) / 2);
		this.fillAt = blocksAt;
		this.otherAt = blocksAt + this.blockBytes;
		if (this.framedBytes(packetMax) > this.blockBytes)
			throw new RangeError("the transmitter's region is too small");
	}

	/** Whether a packet of that length finds room now. */
	hasRoom(packetLength: number): boolean {
		return this.filled + this.framedBytes(packetLength) <= this.blockBytes;
	}

	/** Frames a packet and sends it as soon as the line is free. @throws RangeError when there is no room for it */
	send(packet: Uint8Array): void {
		if (!this.hasRoom(packet.length)) throw new RangeError("no room for another packet");
		const { bytes, frameAt } = this;
		const { memory } = this.options;
		const length = packet.length;
		bytes[frameAt] = (length + 2) >> 8;
		bytes[frameAt + 1] = length + 2;
		bytes.set(packet, frameAt + 2);
		const checksum = memory.crc16(frameAt + 2, length);
		bytes[frameAt + 2 + length] = checksum >> 8;
		bytes[frameAt + 3 + length] = checksum;
		this.encodeLines(length + FRAME_EXTRA_BYTES);
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

	private encodeLines(frameLength: number): void {
		const { memory } = this.options;
		let to = this.fillAt + this.filled;
		this.bytes[to] = 0x06;
		this.bytes[to + 1] = 0x09;
		to += MARKER_BYTES;
		for (let done = 0; done < frameLength; done += RAW_BYTES_PER_LINE) {
			if (done > 0) {
				memory.copy(to, this.breakAt, BREAK_BYTES);
				to += BREAK_BYTES;
			}
			to += memory.base64Encode(to, this.frameAt + done, Math.min(RAW_BYTES_PER_LINE, frameLength - done));
		}
		this.bytes[to] = 0x0a;
		this.filled = to + 1 - this.fillAt;
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

	private framedBytes(packetLength: number): number {
		const frame = packetLength + FRAME_EXTRA_BYTES;
		const lines = Math.ceil(frame / RAW_BYTES_PER_LINE);
		return lines * (LINE_MAX - CHARACTERS_PER_LINE) + Math.ceil(frame / 3) * 4;
	}
}
