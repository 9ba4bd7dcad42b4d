import type { FileHandle } from "node:fs/promises";
import { CHUNK_BYTES, chunkNonce, SEALED_CHUNK_BYTES } from "@bodycam/protocol/age/stream";
import { ChunkThread } from "./chunk-thread.ts";
import { EvidenceFileError } from "./evidence-error.ts";
import { openSealed } from "./host-age-crypto.ts";
import { readAhead, readFully } from "./read-ahead.ts";

/** Bytes of chunks that are read at a time: 64 of them, about 4 MiB. */
export const PAYLOAD_BLOCK_BYTES = 64 * SEALED_CHUNK_BYTES;

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
	/** Authenticated plaintext. */
	readonly pieces: readonly Uint8Array[];
	/** Bytes of all pieces. */
	readonly bytes: number;
}

/** A block, and what is wrong with what comes behind it. */
export interface DecryptedBlock extends PlaintextBlock {
	/** Number of the chunk behind it that was changed. */
	readonly changed: number | undefined;
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
	#thread: ChunkThread | undefined;

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
	 * Decrypts a part of the file that begins with a chunk, in a thread of its own, one part after the other. Bytes behind
	 * the last whole chunk of a file that was cut off give nothing.
	 * @param at - where the part begins in the file
	 * @param sealed - at most `PAYLOAD_BLOCK_BYTES`; copied before this returns
	 * @returns what is authenticated, up to the first chunk that is not, and the number of that chunk. Its bytes are valid
	 * until the part behind the next one is decrypted
	 */
	async decryptAside(at: number, sealed: Uint8Array): Promise<DecryptedBlock> {
		this.#thread ??= new ChunkThread(this.#place.key, PAYLOAD_BLOCK_BYTES);
		const { first, nonces } = this.#chunksIn(at, sealed);
		const { chunks, plaintext } = await this.#thread.open(sealed, nonces);
		const changed = chunks < nonces.length ? first + chunks : undefined;
		return { offset: first * CHUNK_BYTES, pieces: [plaintext], bytes: plaintext.length, changed };
	}

	/** What is wrong with a file whose chunk was changed. */
	changed(chunk: number): EvidenceFileError {
		return changed(this.#place, chunk);
	}

	/**
	 * The plaintext from a place on, about 4 MiB at a time, while the next is being read.
	 * @param options - `from`: first byte, default 0; `to`: first byte that is not wanted any more, default the end
	 * @throws {EvidenceFileError} at the first chunk that was changed; everything before it was given out
	 */
	async *stream(
		options: { readonly from?: number; readonly to?: number; readonly signal?: AbortSignal | undefined } = {},
	): AsyncGenerator<PlaintextBlock, void, undefined> {
		const { from = 0, to = this.bytes, signal } = options;
		const end = Math.min(to, this.bytes);
		if (from >= end) return;
		const range = {
			from: this.#chunkAt(Math.floor(from / CHUNK_BYTES)),
			to: this.#chunkAt(Math.ceil(end / CHUNK_BYTES)),
		};
		let at = range.from;
		for await (const sealed of readAhead(this.#file, range, PAYLOAD_BLOCK_BYTES)) {
			signal?.throwIfAborted();
			const block = this.#decrypt(at, sealed);
			if (block.bytes > 0) yield trimmed(block, from, end);
			if (block.changed !== undefined) throw changed(this.#place, block.changed);
			at += sealed.length;
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
	async close(): Promise<void> {
		this.#place.key.fill(0);
		await this.#thread?.close();
	}

	/** Decrypts a part of the file that begins with a chunk, into buffers of its own. */
	#decrypt(at: number, sealed: Uint8Array): DecryptedBlock {
		const { first, nonces } = this.#chunksIn(at, sealed);
		const pieces: Uint8Array[] = [];
		let bytes = 0;
		for (const nonce of nonces) {
			const from = pieces.length * SEALED_CHUNK_BYTES;
			const piece = openSealed(this.#place.key, nonce, sealed.subarray(from, from + SEALED_CHUNK_BYTES));
			if (piece === undefined) break;
			pieces.push(piece);
			bytes += piece.length;
		}
		const changed = pieces.length < nonces.length ? first + pieces.length : undefined;
		return { offset: first * CHUNK_BYTES, pieces, bytes, changed };
	}

	/** Number of the first chunk in a part of the file, and the nonces of those that are in it. */
	#chunksIn(at: number, { length }: Uint8Array): { readonly first: number; readonly nonces: Uint8Array[] } {
		const first = (at - this.#place.begin) / SEALED_CHUNK_BYTES;
		const end = Math.min(this.#chunks, first + Math.ceil(length / SEALED_CHUNK_BYTES));
		const nonces: Uint8Array[] = [];
		for (let index = first; index < end; index++)
			nonces.push(chunkNonce(index, this.ending === "final" && index === this.#chunks - 1));
		return { first, nonces };
	}

	/** Where a chunk begins in the file; where the last one ends for the number behind it. */
	#chunkAt(index: number): number {
		const { begin, end } = this.#place;
		return Math.min(end - this.tornBytes, begin + index * SEALED_CHUNK_BYTES);
	}
}

/** The part of a block that lies within `from` to `end`. */
function trimmed(block: PlaintextBlock, from: number, end: number): PlaintextBlock {
	if (block.offset >= from && block.offset + block.bytes <= end) return block;
	const pieces: Uint8Array[] = [];
	let bytes = 0;
	let at = block.offset;
	for (const whole of block.pieces) {
		const piece = whole.subarray(Math.max(0, from - at), Math.max(0, end - at));
		if (piece.length > 0) pieces.push(piece);
		bytes += piece.length;
		at += whole.length;
	}
	return { offset: Math.max(from, block.offset), pieces, bytes };
}

function changed({ path }: AgePayloadPlace, chunk: number): EvidenceFileError {
	return new EvidenceFileError(
		`${path} was changed: chunk ${chunk}, bytes ${chunk * CHUNK_BYTES} to ${(chunk + 1) * CHUNK_BYTES - 1} of its content, is not what was encrypted there`,
		{ hint: "Compare it with another copy, or pull it from the camera again." },
	);
}
