import { createRequire } from "node:module";
import { PACKET_SAMPLES, SAMPLE_RATE } from "./pcm.ts";

/** Pre-skip of the encoder in 48 kHz samples: its look-ahead of 6.5 ms (RFC 7845 section 4.2). */
export const PRE_SKIP = 312;

/** Bit rate of the encoder, bit/s. */
export const BIT_RATE = 24_000;

/** libopus: OPUS_APPLICATION_AUDIO, OPUS_SET_BITRATE, OPUS_SET_COMPLEXITY, OPUS_RESET_STATE. */
const APPLICATION_AUDIO = 2049;
const SET_BITRATE = 4002;
const SET_COMPLEXITY = 4010;
const RESET_STATE = 4028;

/** Cheap enough for a virtual day; speech at 24 kbit/s does not need more. */
const COMPLEXITY = 1;

/** Bytes the decoder may need for 120 ms: each 16-bit sample is written as two. */
const DECODE_BYTES = 1920 * 4;

const MAXIMUM_PACKET = 1276 * 3;

/** The emscripten module inside opusscript. Its JavaScript wrapper is not used: it computes pointers in the wrong
 * unit and copies byte by byte. */
interface OpusModule {
	readonly HEAP16: Int16Array;
	readonly HEAPU8: Uint8Array;
	_malloc(bytes: number): number;
	readonly OpusScriptHandler: new (rate: number, channels: number, application: number) => OpusHandler;
}

interface OpusHandler {
	_encode(input: number, converted: number, output: number, frameSize: number): number;
	_decode(input: number, bytes: number, output: number): number;
	_encoder_ctl(request: number, value: number): number;
	_decoder_ctl(request: number, value: number): number;
}

/** A packet that is not Opus. */
export class OpusError extends Error {
	/** @param code - of libopus, negative */
	constructor(what: string, code: number) {
		super(`cannot ${what} the sound: libopus error ${code}`);
		this.name = "OpusError";
	}
}

let shared:
	| { module: OpusModule; pcmIn: number; packetIn: number; packetOut: number; pcmOut: number }
	| undefined;

function library(): NonNullable<typeof shared> {
	if (shared) return shared;
	const load = createRequire(import.meta.url)(
		"opusscript/build/opusscript_native_wasm.js",
	) as () => OpusModule;
	const module = load();
	shared = {
		module,
		pcmIn: module._malloc(PACKET_SAMPLES * 2),
		packetIn: module._malloc(MAXIMUM_PACKET),
		packetOut: module._malloc(MAXIMUM_PACKET),
		pcmOut: module._malloc(DECODE_BYTES),
	};
	return shared;
}

/** Handlers that are not in use: destroying one leaks inside the library, so they are used again. */
const idle: OpusHandler[] = [];

/** An Opus encoder and decoder for 16 kHz mono. Give it back with `close`. */
export class OpusCodec {
	#handler: OpusHandler | undefined;

	constructor() {
		const { module } = library();
		this.#handler = idle.pop() ?? new module.OpusScriptHandler(SAMPLE_RATE, 1, APPLICATION_AUDIO);
		this.#handler._encoder_ctl(SET_BITRATE, BIT_RATE);
		this.#handler._encoder_ctl(SET_COMPLEXITY, COMPLEXITY);
		this.reset();
	}

	/** Forgets everything heard so far. */
	reset(): void {
		this.#open()._encoder_ctl(RESET_STATE, 0);
		this.#open()._decoder_ctl(RESET_STATE, 0);
	}

	/**
	 * Encodes one packet.
	 * @param pcm - the samples of 40 ms, or of another duration that Opus knows below that
	 * @throws OpusError
	 */
	encode(pcm: Int16Array): Uint8Array {
		const { module, pcmIn, packetOut } = library();
		if (pcm.length > PACKET_SAMPLES) throw new OpusError("encode", -1);
		module.HEAP16.set(pcm, pcmIn >> 1);
		const length = this.#open()._encode(pcmIn, 0, packetOut, pcm.length);
		if (length < 0) throw new OpusError("encode", length);
		return module.HEAPU8.slice(packetOut, packetOut + length);
	}

	/**
	 * Decodes one packet and returns its samples.
	 * @throws OpusError when the packet is malformed
	 */
	decode(packet: Uint8Array): Int16Array {
		const { module, packetIn, pcmOut } = library();
		if (packet.length > MAXIMUM_PACKET) throw new OpusError("decode", -1);
		module.HEAPU8.set(packet, packetIn);
		const count = this.#open()._decode(packetIn, packet.length, pcmOut);
		if (count < 0) throw new OpusError("decode", count);
		const pcm = new Int16Array(count);
		const from = pcmOut >> 1;
		for (let index = 0; index < count; index++) {
			const low = module.HEAP16[from + 2 * index] ?? 0;
			const high = module.HEAP16[from + 2 * index + 1] ?? 0;
			pcm[index] = (high << 8) | low;
		}
		return pcm;
	}

	/** Gives it back. Idempotent. */
	close(): void {
		if (this.#handler) idle.push(this.#handler);
		this.#handler = undefined;
	}

	#open(): OpusHandler {
		if (!this.#handler) throw new OpusError("process", -6);
		return this.#handler;
	}
}
