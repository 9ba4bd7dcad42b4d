import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";

/** Longest line accepted, markers and line feed included; the protocol's own lines have at most 127 bytes. */
const LINE_MAX = 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const MARKER_BYTES = 2;
/** Markers of a packet's first line and of its further ones. */
const FIRST_MARKER = [0x06, 0x09] as const;
const NEXT_MARKER = [0x04, 0x14] as const;
/** Bytes of the length before a packet and of the checksum after it. */
const LENGTH_BYTES = 2;
const CHECKSUM_BYTES = 2;
const HEADER_MIN = 8;

/** Options of `ConsoleReceiver`. */
export interface ConsoleReceiverOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where lines and packets are put together: twice `LINE_MAX` and a packet of the largest size. */
	readonly region: MediaRegion;
	/** Largest packet, bytes; longer ones are dropped. */
	readonly packetMax: number;
}

/**
 * Puts SMP packets together from a serial line (Zephyr `smp_transport.rst`, UART console framing): lines of a
 * marker, base64 and LF, where the base64 of all lines is `u16be length ‖ packet ‖ crc16`, split anywhere. What
 * stands before a marker is somebody else's text and passed over; what is damaged is dropped without a word. The
 * bytes are moved and checked natively, and nothing is kept on the engine's heap.
 */
export class ConsoleReceiver {
	private readonly memory: MediaMemory;
	private readonly bytes: Uint8Array;
	private readonly packetMax: number;
	private readonly lineAt: number;
	private readonly textAt: number;
	private readonly frameAt: number;
	/** Bytes of a line that is not complete. */
	private lineLength = 0;
	/** A frame has begun. */
	private open = false;
	/** Base64 characters that wait for the rest of their group of four, at `textAt`. */
	private waiting = 0;
	/** Decoded bytes of the frame. */
	private frameLength = 0;

	/** @param options - see `ConsoleReceiverOptions` @throws RangeError when the region is too small */
	constructor(options: ConsoleReceiverOptions) {
		const { memory, region, packetMax } = options;
		const frameMax = LENGTH_BYTES + packetMax + CHECKSUM_BYTES + LINE_MAX;
		if (region.bytes < 2 * LINE_MAX + 8 + frameMax)
			throw new RangeError("the receiver's region is too small");
		this.memory = memory;
		this.bytes = new Uint8Array(memory.memory);
		this.packetMax = packetMax;
		this.lineAt = region.at;
		this.textAt = region.at + LINE_MAX;
		this.frameAt = this.textAt + LINE_MAX + 8;
	}

	/** Where the packet lies after `consume` has found one. */
	get packetAt(): number {
		return this.frameAt + LENGTH_BYTES;
	}

	/** Length of that packet; 0 when there is none. It stays until the next `consume`. */
	packetLength = 0;

	/**
	 * Takes received bytes, up to the end of the first packet among them.
	 * @returns how many were taken; when `packetLength` is not 0 there may be more to take
	 */
	consume(at: number, length: number): number {
		this.packetLength = 0;
		let taken = 0;
		while (taken < length) {
			const end = this.memory.indexOf(at + taken, length - taken, LINE_FEED);
			if (end < 0) {
				this.keep(at + taken, length - taken);
				return length;
			}
			const part = end - (at + taken);
			if (this.lineLength === 0) this.line(at + taken, part);
			else {
				this.keep(at + taken, part);
				this.line(this.lineAt, this.lineLength);
			}
			this.lineLength = 0;
			taken += part + 1;
			if (this.packetLength > 0) break;
		}
		return taken;
	}

	/** Forgets what is under way: the other end was opened anew. */
	reset(): void {
		this.lineLength = 0;
		this.open = false;
		this.packetLength = 0;
	}

	/** Keeps a part of a line until its rest comes; of a line that is too long, its end. */
	private keep(at: number, length: number): void {
		const { memory, lineAt } = this;
		const part = Math.min(length, LINE_MAX);
		const before = Math.min(this.lineLength, LINE_MAX - part);
		if (before < this.lineLength) memory.copy(lineAt, lineAt + this.lineLength - before, before);
		memory.copy(lineAt + before, at + length - part, part);
		this.lineLength = before + part;
	}

	private line(at: number, length: number): void {
		const end = this.bytes[at + length - 1] === CARRIAGE_RETURN ? at + length - 1 : at + length;
		const from = Math.max(at, end - LINE_MAX);
		let start = this.lastMarker(from, end, FIRST_MARKER);
		if (start >= 0) {
			this.open = true;
			this.waiting = 0;
			this.frameLength = 0;
		} else {
			start = this.open ? this.lastMarker(from, end, NEXT_MARKER) : -1;
			if (start < 0) return;
		}
		if (this.decode(start + MARKER_BYTES, end - start - MARKER_BYTES)) this.finish();
		else this.open = false;
	}

	/** Offset of the last such marker in the range, or -1: whatever came before it was cut off. */
	private lastMarker(at: number, end: number, marker: readonly [number, number]): number {
		let found = -1;
		for (let from = at; from < end - 1; ) {
			const next = this.memory.indexOf(from, end - 1 - from, marker[0]);
			if (next < 0) break;
			if (this.bytes[next + 1] === marker[1]) found = next;
			from = next + 1;
		}
		return found;
	}

	/** Decodes a line's base64, together with what waits from the line before. */
	private decode(at: number, length: number): boolean {
		this.memory.copy(this.textAt + this.waiting, at, length);
		const total = this.waiting + length;
		const whole = total - (total % 4);
		if (whole > 0) {
			const decoded = this.memory.base64Decode(this.frameAt + this.frameLength, this.textAt, whole);
			if (decoded < 0) return false;
			this.frameLength += decoded;
		}
		this.waiting = total - whole;
		this.memory.copy(this.textAt, this.textAt + whole, this.waiting);
		return true;
	}

	/** Checks whether the frame is complete. */
	private finish(): void {
		if (this.frameLength < LENGTH_BYTES) return;
		const { bytes, frameAt } = this;
		const length = ((bytes[frameAt] ?? 0) << 8) | (bytes[frameAt + 1] ?? 0);
		if (length > this.packetMax + CHECKSUM_BYTES || length < HEADER_MIN + CHECKSUM_BYTES) this.open = false;
		else if (this.frameLength >= LENGTH_BYTES + length) {
			this.open = false;
			const exact = this.frameLength === LENGTH_BYTES + length && this.waiting === 0;
			// The checksum follows its packet big-endian, so that the CRC over both is 0.
			if (exact && this.memory.crc16(frameAt + LENGTH_BYTES, length) === 0) {
				this.packetLength = length - CHECKSUM_BYTES;
			}
		}
	}
}
