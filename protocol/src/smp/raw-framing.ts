import { crc16 } from "./crc16.ts";

/**
 * SMP in binary frames on a serial line, for lines whose both ends know it: a frame is a zero byte, the packet and its
 * CRC-16/XMODEM (big-endian) in consistent overhead byte stuffing (S. Cheshire, M. Baker, "Consistent Overhead Byte
 * Stuffing", IEEE/ACM Transactions on Networking 7, 1999), and a zero byte. A console has no zero bytes, so the two framings can share a line:
 * what stands between two zero bytes is a frame, what stands elsewhere is text or a console frame.
 */
export const FRAME_DELIMITER = 0;

/** Bytes of the checksum. */
const CRC_BYTES = 2;

/** Longest run of other bytes than zero that one code byte leads. */
const RUN_MAX = 254;

/** The most a frame can have, delimiters included, of a packet of that many bytes. */
export function rawFrameBytes(packetBytes: number): number {
	const body = packetBytes + CRC_BYTES;
	return body + Math.floor(body / RUN_MAX) + 1 + 2;
}

/** The frame of a packet, ready to be written to the port. */
export function encodeRaw(packet: Uint8Array): Uint8Array {
	const body = new Uint8Array(packet.length + CRC_BYTES);
	body.set(packet);
	const crc = crc16(packet);
	body[packet.length] = crc >> 8;
	body[packet.length + 1] = crc;
	const frame = new Uint8Array(rawFrameBytes(packet.length));
	let codeAt = 1;
	let to = 2;
	for (let at = 0; at < body.length; at++) {
		const byte = body[at] ?? 0;
		if (byte !== 0) frame[to++] = byte;
		if (byte !== 0 && to - codeAt <= RUN_MAX) continue;
		// A full run stands for no zero; at the end of the body it needs no further one.
		frame[codeAt] = to - codeAt;
		if (byte !== 0 && at === body.length - 1) return frame.slice(0, to + 1);
		codeAt = to++;
	}
	frame[codeAt] = to - codeAt;
	return frame.slice(0, to + 1);
}

/**
 * The packet in what stands between two delimiters.
 * @returns undefined when it is damaged
 */
export function decodeRaw(stuffed: Uint8Array): Uint8Array | undefined {
	const body = new Uint8Array(stuffed.length);
	let length = 0;
	for (let at = 0; at < stuffed.length; ) {
		const code = stuffed[at] ?? 0;
		const end = at + code;
		if (code === 0 || end > stuffed.length) return undefined;
		body.set(stuffed.subarray(at + 1, end), length);
		length += code - 1;
		if (code <= RUN_MAX && end < stuffed.length) length += 1;
		at = end;
	}
	const packet = body.subarray(0, length - CRC_BYTES);
	// The checksum follows its packet big-endian, so that the CRC over both is 0.
	return length > CRC_BYTES && crc16(body.subarray(0, length)) === 0 ? packet.slice() : undefined;
}

/** Options of a `RawDecoder`. */
export interface RawDecoderOptions {
	/** Longest packet in bytes; longer ones are dropped. */
	readonly maxPacket: number;
	/** A packet whose checksum is right; the bytes are the receiver's to keep. */
	onPacket(packet: Uint8Array): void;
	/** What stands outside of frames; the bytes are valid during the call only. */
	onOther?(bytes: Uint8Array): void;
}

/**
 * Finds binary frames in the bytes of a line, however they are cut up, and hands on what stands between them. Two
 * delimiters one after the other are the end of a frame and the beginning of the next, so that a reader who came in
 * the middle, or lost a delimiter, is right again with the next frame. What it holds is bounded by `maxPacket`.
 */
export class RawDecoder {
	readonly #options: RawDecoderOptions;
	readonly #frame: Uint8Array;
	#filled = 0;
	#inFrame = false;

	/** Nothing is called before `push`. */
	constructor(options: RawDecoderOptions) {
		this.#options = options;
		this.#frame = new Uint8Array(rawFrameBytes(options.maxPacket));
	}

	/** Takes bytes from the port, in order. */
	push(bytes: Uint8Array): void {
		for (let at = 0; at < bytes.length; ) {
			const found = bytes.indexOf(FRAME_DELIMITER, at);
			const end = found < 0 ? bytes.length : found;
			this.#take(bytes.subarray(at, end));
			if (found >= 0) this.#delimiter();
			at = end + 1;
		}
	}

	#take(bytes: Uint8Array): void {
		if (bytes.length === 0) return;
		if (!this.#inFrame) this.#options.onOther?.(bytes);
		else if (this.#filled + bytes.length > this.#frame.length) this.#leave();
		else {
			this.#frame.set(bytes, this.#filled);
			this.#filled += bytes.length;
		}
	}

	#delimiter(): void {
		if (!this.#inFrame || this.#filled === 0) {
			this.#inFrame = true;
			return;
		}
		const packet = decodeRaw(this.#frame.subarray(0, this.#filled));
		this.#leave();
		if (packet !== undefined && packet.length <= this.#options.maxPacket) this.#options.onPacket(packet);
	}

	#leave(): void {
		this.#inFrame = false;
		this.#filled = 0;
	}
}
