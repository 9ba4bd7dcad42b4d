import { base64Value, PADDING, writeBase64 } from "./base64.ts";
import { crc16 } from "./crc16.ts";

/**
 * SMP over a serial console (Zephyr `smp_transport.rst`): text lines that share the port with a log. A line is a
 * marker, base64 and LF, at most 127 bytes; the base64 of a packet's lines together is
 * u16be(length of the packet + 2), the packet, u16be(CRC-16/XMODEM of the packet).
 */
export const LINE_MAX = 127;

/** Marker of a packet's first line. */
export const START_MARKER = [0x06, 0x09] as const;

/** Marker of its further lines. */
export const CONTINUATION_MARKER = [0x04, 0x14] as const;

const LF = 0x0a;
const CR = 0x0d;
const LENGTH_BYTES = 2;
const CRC_BYTES = 2;

/** Bytes that go into one line: what 124 characters of base64 hold. */
const CHUNK_BYTES = ((LINE_MAX - 3) / 4) * 3;

/** Longest piece of foreign text handed on at once, bytes. */
const TEXT_MAX = 256;

/** The lines of a packet of at most 65,533 bytes, ready to be written to the port. */
export function encodeConsole(packet: Uint8Array): Uint8Array {
	const body = new Uint8Array(LENGTH_BYTES + packet.length + CRC_BYTES);
	const declared = packet.length + CRC_BYTES;
	const crc = crc16(packet);
	body[0] = declared >> 8;
	body[1] = declared;
	body.set(packet, LENGTH_BYTES);
	body[body.length - 2] = crc >> 8;
	body[body.length - 1] = crc;
	const lines = Math.ceil(body.length / CHUNK_BYTES);
	const encoded = new Uint8Array(Math.ceil(body.length / 3) * 4 + lines * 3);
	let out = 0;
	for (let at = 0; at < body.length; at += CHUNK_BYTES) {
		encoded.set(at === 0 ? START_MARKER : CONTINUATION_MARKER, out);
		out = writeBase64(encoded, out + 2, body.subarray(at, at + CHUNK_BYTES));
		encoded[out++] = LF;
	}
	return encoded;
}

/** Options of a console decoder. */
export interface ConsoleDecoderOptions {
	/** Longest packet in bytes; longer ones are dropped. */
	readonly maxPacket: number;
	/** A packet whose checksum is right; the bytes are the receiver's to keep. */
	onPacket(packet: Uint8Array): void;
	/** Other text on the port, by line or in pieces of a line, without LF; the bytes are the receiver's to keep. */
	onText?(text: Uint8Array): void;
}

/**
 * Finds packets in the bytes of a console, however they are cut up. Base64 may be split between lines anywhere and
 * padded in each; a start marker begins anew; stray continuations, overlong packets, wrong checksums and damaged
 * lines are dropped silently. What it holds is bounded by `maxPacket`.
 */
export class ConsoleDecoder {
	readonly #options: ConsoleDecoderOptions;
	/** First byte of a marker that may follow; 0: none. */
	#marker = 0;
	/** Whether the bytes are base64 of the line that has begun. */
	#inLine = false;
	/** Whether a packet is open, so that a continuation has something to continue. */
	#open = false;
	/** Bits of an incomplete base64 group, and how many characters it has. */
	#bits = 0;
	#characters = 0;
	/** Padding characters of the group. */
	#padding = 0;
	/** Length field, packet and checksum; only the length field until that is known. */
	#body = new Uint8Array(LENGTH_BYTES);
	#filled = 0;
	readonly #text = new Uint8Array(TEXT_MAX);
	#textLength = 0;

	/** Nothing is called before `push`. */
	constructor(options: ConsoleDecoderOptions) {
		this.#options = options;
	}

	/** Takes bytes from the port, in order. */
	push(bytes: Uint8Array): void {
		for (let at = 0; at < bytes.length; at++) {
			const byte = bytes[at] ?? 0;
			if (this.#marker !== 0) this.#afterMarker(byte);
			else if (byte === START_MARKER[0] || byte === CONTINUATION_MARKER[0]) this.#marker = byte;
			else if (this.#inLine) this.#inside(byte);
			else this.#outside(byte);
		}
	}

	#afterMarker(byte: number): void {
		const first = this.#marker;
		this.#marker = 0;
		if (first === START_MARKER[0] && byte === START_MARKER[1]) {
			this.#flushText();
			this.#reset();
			this.#open = true;
			this.#inLine = true;
		} else if (first === CONTINUATION_MARKER[0] && byte === CONTINUATION_MARKER[1]) {
			this.#flushText();
			this.#inLine = true;
		} else {
			this.#damaged();
			this.#outside(first);
			if (byte === START_MARKER[0] || byte === CONTINUATION_MARKER[0]) this.#marker = byte;
			else this.#outside(byte);
		}
	}

	#inside(byte: number): void {
		if (byte === LF) this.#endLine();
		else if (!this.#open || byte === CR) return;
		else if (byte === PADDING) this.#pad();
		else this.#character(base64Value(byte));
	}

	#outside(byte: number): void {
		if (byte === LF) {
			this.#flushText();
			return;
		}
		this.#text[this.#textLength++] = byte;
		if (this.#textLength === TEXT_MAX) this.#flushText();
	}

	#character(value: number): void {
		if (value > 63 || this.#padding > 0) {
			this.#reset();
			return;
		}
		this.#bits = (this.#bits << 6) | value;
		this.#characters += 1;
		if (this.#characters === 4) {
			this.#append(this.#bits >> 16);
			this.#append(this.#bits >> 8);
			this.#append(this.#bits);
			this.#endGroup();
		}
	}

	/** A group ends early: two characters hold one byte, three hold two. */
	#pad(): void {
		if (this.#characters < 2) {
			this.#reset();
			return;
		}
		this.#padding += 1;
		if (this.#characters + this.#padding < 4) return;
		this.#append(this.#bits >> (this.#characters === 2 ? 4 : 10));
		if (this.#characters === 3) this.#append(this.#bits >> 2);
		this.#endGroup();
	}

	#endGroup(): void {
		this.#bits = 0;
		this.#characters = 0;
		this.#padding = 0;
	}

	#append(byte: number): void {
		if (!this.#open) return;
		if (this.#filled === this.#body.length) {
			this.#reset();
			return;
		}
		this.#body[this.#filled++] = byte;
		if (this.#filled === LENGTH_BYTES && this.#body.length === LENGTH_BYTES) this.#reserve();
	}

	#reserve(): void {
		const declared = this.#declared();
		if (declared < CRC_BYTES || declared > this.#options.maxPacket + CRC_BYTES) {
			this.#reset();
			return;
		}
		const body = new Uint8Array(LENGTH_BYTES + declared);
		body.set(this.#body);
		this.#body = body;
	}

	#declared(): number {
		return ((this.#body[0] ?? 0) << 8) | (this.#body[1] ?? 0);
	}

	#endLine(): void {
		this.#inLine = false;
		if (!this.#open || this.#filled < this.#body.length || this.#body.length === LENGTH_BYTES) return;
		const body = this.#body;
		const end = body.length - CRC_BYTES;
		const packet = body.subarray(LENGTH_BYTES, end);
		const sent = ((body[end] ?? 0) << 8) | (body[end + 1] ?? 0);
		this.#reset();
		if (crc16(packet) === sent) this.#options.onPacket(packet);
	}

	/** A control character in the middle of a line: the line is not one of ours after all. */
	#damaged(): void {
		if (!this.#inLine) return;
		this.#reset();
		this.#inLine = false;
	}

	/** Forgets the open packet, if there is one. */
	#reset(): void {
		this.#open = false;
		this.#endGroup();
		this.#filled = 0;
		if (this.#body.length !== LENGTH_BYTES) this.#body = new Uint8Array(LENGTH_BYTES);
	}

	#flushText(): void {
		if (this.#textLength > 0) this.#options.onText?.(this.#text.slice(0, this.#textLength));
		this.#textLength = 0;
	}
}
