import { CHUNK_BYTES } from "@bodycam/protocol/age/stream";
import type { Plaintext } from "./plaintext.ts";

/** Bytes that are read at a time, whole chunks: a demultiplexer asks for single packets, and each would decrypt a chunk anew. */
const BLOCK_BYTES = 4 * CHUNK_BYTES;

/** Blocks that are kept: 8 MiB. */
const BLOCKS_MAX = 32;

/** Reads plaintext in blocks and keeps those that were used last. */
export class BlockReader {
	readonly #plaintext: Plaintext;
	readonly #signal: AbortSignal | undefined;
	/** By their numbers, the one that was used last at the end. */
	readonly #blocks = new Map<number, Promise<Uint8Array>>();

	/** @param plaintext - where it comes from @param signal - stops */
	constructor(plaintext: Plaintext, signal: AbortSignal | undefined) {
		this.#plaintext = plaintext;
		this.#signal = signal;
	}

	/** Bytes of a part, which lies within the plaintext. @throws whatever reading throws */
	async read(from: number, to: number): Promise<Uint8Array> {
		const first = Math.floor(from / BLOCK_BYTES);
		const last = Math.floor((to - 1) / BLOCK_BYTES);
		const result = new Uint8Array(to - from);
		for (let index = first; index <= last; index++) {
			const begin = index * BLOCK_BYTES;
			const block = await this.#block(index);
			result.set(block.subarray(Math.max(0, from - begin), to - begin), Math.max(0, begin - from));
		}
		return result;
	}

	#block(index: number): Promise<Uint8Array> {
		const kept = this.#blocks.get(index);
		const block = kept ?? this.#plaintext.read(index * BLOCK_BYTES, BLOCK_BYTES, this.#signal);
		this.#blocks.delete(index);
		this.#blocks.set(index, block);
		const [oldest] = this.#blocks.keys();
		if (this.#blocks.size > BLOCKS_MAX && oldest !== undefined) this.#blocks.delete(oldest);
		return block;
	}
}
