import type { MediaMemory } from "../hal/media-memory.ts";

/** Longest line of a console frame, markers and line feed included. */
const LINE_MAX = 127;
const MARKER_BYTES = 2;
/** Raw bytes of a full line: 124 characters of base64. */
const RAW_BYTES_PER_LINE = 93;
const CHARACTERS_PER_LINE = 124;
/** `0a 04 14`: the end of a line and the marker of the next. */
const BREAK = [0x0a, 0x04, 0x14] as const;

/** Longest run of a binary frame that one code byte leads, and that code. */
const RUN_MAX = 254;
const FULL_RUN = 255;

/** Bytes before a packet: its length, in console frames. */
export const PREFIX_BYTES = 2;
const CHECKSUM_BYTES = 2;

/** Bytes that the frame of a packet takes besides the packet, before it is encoded. */
export const FRAME_EXTRA_BYTES = PREFIX_BYTES + CHECKSUM_BYTES;

/** Writes packets as frames of a serial line. */
export interface FrameEncoder {
	/** The most bytes that the frame of a packet of that length takes. */
	framedBytes(packetLength: number): number;
	/**
	 * Encodes a packet.
	 * @param at - where it lies, with `PREFIX_BYTES` free before it and room for a checksum after it
	 * @returns the offset after the frame
	 */
	encode(at: number, length: number, to: number): number;
}

/** Console frames: lines of base64 (Zephyr `smp_transport.rst`). */
export class ConsoleEncoder implements FrameEncoder {
	private readonly memory: MediaMemory;
	private readonly bytes: Uint8Array;

	/** @param memory - where packets and frames lie */
	constructor(memory: MediaMemory) {
		this.memory = memory;
		this.bytes = new Uint8Array(memory.memory);
	}

	framedBytes(packetLength: number): number {
		const frame = packetLength + FRAME_EXTRA_BYTES;
		const lines = Math.ceil(frame / RAW_BYTES_PER_LINE);
		return lines * (LINE_MAX - CHARACTERS_PER_LINE) + Math.ceil(frame / 3) * 4;
	}

	encode(at: number, length: number, to: number): number {
		const { bytes, memory } = this;
		const from = at - PREFIX_BYTES;
		const end = at + length + CHECKSUM_BYTES;
		bytes[from] = (length + CHECKSUM_BYTES) >> 8;
		bytes[from + 1] = length + CHECKSUM_BYTES;
		addChecksum(memory, bytes, at, length);
		bytes[to] = 0x06;
		bytes[to + 1] = 0x09;
		let head = to + MARKER_BYTES;
		for (let line = from; line < end; line += RAW_BYTES_PER_LINE) {
			if (line > from) {
				bytes[head] = BREAK[0];
				bytes[head + 1] = BREAK[1];
				bytes[head + 2] = BREAK[2];
				head += BREAK.length;
			}
			head += memory.base64Encode(head, line, Math.min(RAW_BYTES_PER_LINE, end - line));
		}
		bytes[head] = BREAK[0];
		return head + 1;
	}
}

/** Binary frames (`protocol/src/smp/raw-framing.ts`). */
export class RawEncoder implements FrameEncoder {
	private readonly memory: MediaMemory;
	private readonly bytes: Uint8Array;

	/** @param memory - where packets and frames lie */
	constructor(memory: MediaMemory) {
		this.memory = memory;
		this.bytes = new Uint8Array(memory.memory);
	}

	framedBytes(packetLength: number): number {
		const body = packetLength + CHECKSUM_BYTES;
		return body + Math.floor(body / RUN_MAX) + 1 + 2;
	}

	encode(at: number, length: number, to: number): number {
		const { bytes, memory } = this;
		addChecksum(memory, bytes, at, length);
		const end = at + length + CHECKSUM_BYTES;
		let head = to;
		bytes[head++] = 0;
		for (let from = at; from <= end; ) {
			const window = Math.min(RUN_MAX, end - from);
			const zero = memory.indexOf(from, window, 0);
			const run = zero < 0 ? window : zero - from;
			const full = run === RUN_MAX;
			bytes[head++] = full ? FULL_RUN : run + 1;
			memory.copy(head, from, run);
			head += run;
			// A full run stands for no zero; when it ends the packet nothing follows it.
			from += full ? run : run + 1;
			if (full && from === end) break;
		}
		bytes[head] = 0;
		return head + 1;
	}
}

function addChecksum(memory: MediaMemory, bytes: Uint8Array, at: number, length: number): void {
	const checksum = memory.crc16(at, length);
	bytes[at + length] = checksum >> 8;
	bytes[at + length + 1] = checksum;
}
