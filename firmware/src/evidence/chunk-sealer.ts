import { TAG_BYTES } from "@bodycam/protocol/age/crypto";
import {
	CHUNK_BYTES,
	NONCE_FIRST_WORD,
	nonceSecondWord,
	nonceThirdWord,
	SEALED_CHUNK_BYTES,
} from "@bodycam/protocol/age/stream";
import type { AuthenticatedCipher } from "../hal/authenticated-cipher.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";

/**
 * Gathers a plaintext in chunks of 64 KiB and encrypts each where it lies, as age v1 does (C2SP age, "Payload"): of a
 * plaintext chunk nothing is left once it is sealed. Allocates nothing.
 */
export interface ChunkSealer {
	/** Begins a payload: the next chunk is its first. The cipher has its key. */
	begin(): void;
	/** Bytes that still fit the chunk being gathered. */
	room(): number;
	/** Adds bytes of media memory, at most `room`. */
	take(at: number, length: number): void;
	/** Adds zeros, at most `room`. */
	takeZeros(length: number): void;
	/**
	 * Encrypts what has been gathered; it lies at `at` with its tag until the next chunk is begun.
	 * @param last - whether it ends the payload; one that does not has to be full
	 * @returns its bytes
	 */
	seal(last: boolean): number;
	/** Where a sealed chunk lies. */
	readonly at: number;
}

/** Creates a sealer. @param region - `SEALED_CHUNK_BYTES` @throws RangeError when it is too small */
export function createChunkSealer(
	memory: MediaMemory,
	region: MediaRegion,
	cipher: Pick<AuthenticatedCipher, "setNonce" | "seal">,
): ChunkSealer {
	if (region.bytes < SEALED_CHUNK_BYTES) throw new RangeError("the region for a chunk is too small");
	const { at } = region;
	let fill = 0;
	let index = 0;

	return {
		at,
		begin() {
			fill = 0;
			index = 0;
		},
		room: () => CHUNK_BYTES - fill,
		take(from, length) {
			if (length > CHUNK_BYTES - fill) throw new RangeError("the chunk has less room");
			memory.copy(at + fill, from, length);
			fill += length;
		},
		takeZeros(length) {
			if (length > CHUNK_BYTES - fill) throw new RangeError("the chunk has less room");
			memory.zero(at + fill, length);
			fill += length;
		},
		seal(last) {
			if (fill === 0 || (!last && fill < CHUNK_BYTES))
				throw new RangeError("a chunk that is not the last has to be full, and the last must not be empty");
			const length = fill;
			cipher.setNonce(NONCE_FIRST_WORD, nonceSecondWord(index), nonceThirdWord(index, last));
			cipher.seal(at, 0, at, length, at, at + length);
			index++;
			fill = 0;
			return length + TAG_BYTES;
		},
	};
}
