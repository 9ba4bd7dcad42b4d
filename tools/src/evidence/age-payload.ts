import type { FileHandle } from "node:fs/promises";
import { CHUNK_BYTES, chunkNonce, SEALED_CHUNK_BYTES } from "@bodycam/protocol/age/stream";
import { EvidenceFileError } from "./evidence-error.ts";
import { openSealed } from "./host-age-crypto.ts";
import { readAhead, readFully } from "./read-ahead.ts";

/** Chunks that are read at a time: about 1 MiB. */
const BLOCK_CHUNKS = 16;

/** Where the chunks of an age file lie, and the key they are sealed with. */
export interface AgePayloadPlace {
	/** Path of the file, for messages. */
	readonly path: string;
	/** First byte of the first chunk. */
	readonly begin: number;
	/** First byte behind the last chunk: the length of the file. */
	readonly end: number;
	/** The payload's key, 32 bytes; wiped by `close`. */
	readonly key: Uint8Array;
}

/** How an age file ends: with age's final chunk, or cut off before it. */
export type AgeEnding = "final" | "cut";

/** Pieces of plaintext, one behind the other, and where they begin. */
export interface PlaintextBlock {
	/** Place of the first byte in the plaintext. */
	readonly offset: number;
	/** Authenticated plaintext, one piece a chunk. */
	readonly pieces: readonly Uint8Array[];
	/** Bytes of all pieces. */
	readonly bytes: number;
}

/**
 * The plaintext of an age file (STREAM over ChaCha20-Poly1305, C2SP age "Payload"), in constant memory. Nothing is
 * given out that was not authenticated. A file that was cut off gives the whole chunks before the cut, and says so.
 */
export class AgePayload {
	/** Whether it ends with age's final chunk. */
	readonly ending: AgeEnding;
	/** Bytes of plaintext. */
	readonly bytes: number;
	/** Bytes at the end of a file that was cut off which are no whole chunk and cannot be decrypted; else 0. */
	readonly tornBytes: number;
	readonly #file: FileHandle;
	readonly #place: AgePayloadPlace;
	readonly #chunks: number;

	private constructor(file: FileHandle, place: AgePayloadPlace, ending: AgeEnding, lastBytes: number) {
		this.#file = file;
		this.#place = place;
		this.ending = ending;
		const sealed = place.end - place.begin;
		this.#chunks = Math.ceil(sealed / SEALED_CHUNK_BYTES);
		if (ending === "cut") this.#chunks = Math.floor(sealed / SEALED_CHUNK_BYTES);
		this.tornBytes = ending === "cut" ? sealed - this.#chunks * SEALED_CHUNK_BYTES : 0;
		this.bytes = ending === "cut" ? this.#chunks * CHUNK_BYTES : (this.#chunks - 1) * CHUNK_BYTES + lastBytes;
	}

	/**
	 * Finds out how the file ends by opening its last chunk.
	 * @throws {EvidenceFileError} when the last chunk is whole and was changed, or there is none
	 */
	static async open(file: FileHandle, place: AgePayloadPlace): Promise<AgePayload> {
		const sealed = place.end - place.begin;
		const last = Math.max(0, Math.ceil(sealed / SEALED_CHUNK_BYTES) - 1);
		const at = place.begin + last * SEALED_CHUNK_BYTES;
		const chunk = await readFully(file, Buffer.alloc(place.end - at), at);
		const opened = openSealed(place.key, chunkNonce(last, true), chunk);
		// Behind other chunks an empty one is none: a file could be prolonged by it without a change of its content.
		if (opened !== undefined && (opened.length > 0 || last === 0))
			return new AgePayload(file, place, "final", opened.length);
		const whole = chunk.length === SEALED_CHUNK_BYTES;
		if (whole && openSealed(place.key, chunkNonce(last, false), chunk) === undefined)
			throw changed(place, last);
		return new AgePayload(file, place, "cut", 0);
	}

	/**
	 * The plaintext from a place on, about 1 MiB at a time, while the next is being read.
	 * @param options - `from`: first byte, default 0; `to`: first byte that is not wanted any more, default the end
	 * @throws {EvidenceFileError} at the first chunk that was changed; everything before it was given out
	 */
	async *stream(
		options: { readonly from?: number; readonly to?: number; readonly signal?: AbortSignal | undefined } = {},
	): AsyncGenerator<PlaintextBlock, void, undefined> {
		const { from = 0, to = this.bytes, signal } = options;
		const end = Math.min(to, this.bytes);
		if (from >= end) return;
		const first = Math.floor(from / CHUNK_BYTES);
		let index = first;
		let offset = from;
		const range = { from: this.#chunkAt(first), to: this.#chunkAt(Math.ceil(end / CHUNK_BYTES)) };
		for await (const block of readAhead(this.#file, range, BLOCK_CHUNKS * SEALED_CHUNK_BYTES)) {
			signal?.throwIfAborted();
			const pieces: Uint8Array[] = [];
			let bytes = 0;
			let failed: number | undefined;
			for (let at = 0; at < block.length && failed === undefined; at += SEALED_CHUNK_BYTES, index++) {
				const chunk = this.#open(index, block.subarray(at, at + SEALED_CHUNK_BYTES));
				if (chunk === undefined) {
					failed = index;
					continue;
				}
				const begin = index * CHUNK_BYTES;
				const piece = chunk.subarray(Math.max(0, from - begin), end - begin);
				pieces.push(piece);
				bytes += piece.length;
			}
			if (bytes > 0) yield { offset, pieces, bytes };
			offset += bytes;
			if (failed !== undefined) throw changed(this.#place, failed);
		}
	}

	/**
	 * Plaintext from anywhere: for players and demultiplexers that jump.
	 * @returns `length` bytes, fewer where the plaintext ends before
	 * @throws {EvidenceFileError} when a chunk was changed
	 */
	async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
		const bytes = Math.max(0, Math.min(length, this.bytes - offset));
		const result = new Uint8Array(bytes);
		for await (const block of this.stream({ from: offset, to: offset + bytes, signal })) {
			let at = block.offset - offset;
			for (const piece of block.pieces) {
				result.set(piece, at);
				at += piece.length;
			}
		}
		return result;
	}

	/** Wipes the key: nothing can be read any more. */
	close(): void {
		this.#place.key.fill(0);
	}

	#open(index: number, sealed: Uint8Array): Uint8Array | undefined {
		const last = this.ending === "final" && index === this.#chunks - 1;
		return openSealed(this.#place.key, chunkNonce(index, last), sealed);
	}

	/** Where a chunk begins in the file; where the last one ends for the number behind it. */
	#chunkAt(index: number): number {
		const { begin, end } = this.#place;
		return Math.min(end - this.tornBytes, begin + index * SEALED_CHUNK_BYTES);
	}
}

function changed({ path }: AgePayloadPlace, chunk: number): EvidenceFileError {
	return new EvidenceFileError(
		`${path} was changed: chunk ${chunk}, bytes ${chunk * CHUNK_BYTES} to ${(chunk + 1) * CHUNK_BYTES - 1} of its content, is not what was encrypted there`,
		{ hint: "Compare it with another copy, or pull it from the camera again." },
	);
}
