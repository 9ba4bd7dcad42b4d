import { type AgeCrypto, TAG_BYTES } from "./crypto.ts";
import { FILE_KEY_BYTES } from "./header.ts";
import { hkdfSha256 } from "./hkdf.ts";

/** Plaintext bytes of every chunk but the last, which has 1 to as many; or none in a file that is empty. */
export const CHUNK_BYTES = 65_536;

/** Bytes of a whole chunk in the file. */
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

/** Random bytes between header and chunks, from which the payload's key comes. */
export const PAYLOAD_NONCE_BYTES = 16;

/** Most chunks of a file that are counted here: 2^48, of 16 EiB. The nonce itself would have room for 2^88. */
export const CHUNKS_MAX = 2 ** 48;

/**
 * The key, 32 bytes, of a file's chunks: HKDF-SHA-256 of the file key, salted with the payload's nonce.
 * @throws RangeError when one of the two has another length
 */
export function payloadKey(
	fileKey: Uint8Array,
	nonce: Uint8Array,
	crypto: Pick<AgeCrypto, "hmacSha256">,
): Uint8Array {
	if (fileKey.length !== FILE_KEY_BYTES || nonce.length !== PAYLOAD_NONCE_BYTES)
		throw new RangeError(`a file key has ${FILE_KEY_BYTES} bytes, a payload's nonce ${PAYLOAD_NONCE_BYTES}`);
	return hkdfSha256(fileKey, nonce, "payload", crypto);
}

/*
 * The nonce of a chunk is its number in 11 bytes, big-endian, and a byte that is 1 for the last chunk. Below are its
 * three big-endian words; the first one stays 0. They are numbers, so that nothing is allocated per chunk.
 */

/** First word of a chunk's nonce. */
export const NONCE_FIRST_WORD = 0;

/** Second word of the nonce of chunk `index`, counted from 0. @throws RangeError from `CHUNKS_MAX` on */
export function nonceSecondWord(index: number): number {
	if (!Number.isInteger(index) || index < 0 || index >= CHUNKS_MAX)
		throw new RangeError("chunks are numbered from 0 to 2^48 - 1");
	return Math.floor(index / 0x100_0000);
}

/** Third word of the nonce of chunk `index`, counted from 0. @param last - whether it ends the file */
export function nonceThirdWord(index: number, last: boolean): number {
	return (index % 0x100_0000) * 0x100 + (last ? 1 : 0);
}

/** The 12 bytes of the nonce of chunk `index`, for where allocating does not matter. @throws RangeError as `nonceSecondWord` */
export function chunkNonce(index: number, last: boolean): Uint8Array {
	const nonce = new Uint8Array(12);
	const view = new DataView(nonce.buffer);
	view.setUint32(0, NONCE_FIRST_WORD);
	view.setUint32(4, nonceSecondWord(index));
	view.setUint32(8, nonceThirdWord(index, last));
	return nonce;
}

/** Chunks of a plaintext of `bytes`: an empty one has a single empty chunk. */
export function chunksOf(bytes: number): number {
	return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}

/** Bytes behind the header of a file whose plaintext has `bytes`: nonce and chunks. */
export function payloadBytes(bytes: number): number {
	return PAYLOAD_NONCE_BYTES + bytes + chunksOf(bytes) * TAG_BYTES;
}
