import { createHash } from "node:crypto";
import { OpusCodec } from "./opus.ts";
import { SAMPLE_RATE } from "./pcm.ts";

/** Duration of a packet of a prompt, µs. */
export const PROMPT_PACKET_TIME = 20_000;

const PACKET_SAMPLES = (SAMPLE_RATE * PROMPT_PACKET_TIME) / 1e6;

/** Decoded prompts that are kept, for all cameras of the process. */
const KEPT_PROMPTS = 32;

/** A spoken announcement. */
export interface Prompt {
	/** Packets of 20 ms. */
	readonly packets: number;
	/** 16 kHz mono. */
	readonly samples: Int16Array;
}

/** What the speaker was given is not a prompt. */
export class PromptError extends Error {
	/** @param what - what is wrong */
	constructor(what: string) {
		super(`not a prompt: ${what}`);
		this.name = "PromptError";
	}
}

const decoded = new Map<string, Prompt>();

/**
 * Decodes a prompt: packets of 20 ms, each behind its length (u16, little-endian).
 * @throws PromptError when it is malformed
 */
export function decodePrompt(bytes: Uint8Array): Prompt {
	const key = createHash("sha256").update(bytes).digest("base64");
	const known = decoded.get(key);
	if (known) return known;
	const packets = split(bytes);
	const samples = new Int16Array(packets.length * PACKET_SAMPLES);
	const codec = new OpusCodec();
	try {
		packets.forEach((packet, index) => {
			const pcm = codec.decode(packet);
			if (pcm.length !== PACKET_SAMPLES) {
				throw new PromptError(`packet ${index} is ${pcm.length / 16} ms long, not 20 ms`);
			}
			samples.set(pcm, index * PACKET_SAMPLES);
		});
	} finally {
		codec.close();
	}
	const prompt = { packets: packets.length, samples };
	const oldest = decoded.size === KEPT_PROMPTS ? decoded.keys().next() : undefined;
	if (oldest && !oldest.done) decoded.delete(oldest.value);
	decoded.set(key, prompt);
	return prompt;
}

function split(bytes: Uint8Array): Uint8Array[] {
	const packets: Uint8Array[] = [];
	for (let at = 0; at < bytes.length; ) {
		const length = (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
		if (at + 2 + length > bytes.length || length === 0)
			throw new PromptError(`packet ${packets.length} is cut off`);
		packets.push(bytes.subarray(at + 2, at + 2 + length));
		at += 2 + length;
	}
	if (packets.length === 0) throw new PromptError("it is empty");
	return packets;
}
