import { type AgeCrypto, TAG_BYTES, X25519_BYTES } from "@bodycam/protocol/age/crypto";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";

/** Bytes of media memory for all that is computed for one header with the most recipients, and a payload's key. */
export const AGE_REGION_BYTES = 8 * 1024;

const CODE_BYTES = 32;
const NONCE_BYTES = 12;

/** What headers of age files need, by the natives of the camera. */
export interface AgeNatives extends AgeCrypto {
	/** Overwrites all that was computed since the last time: every result given so far, and copies of what was given. */
	wipe(): void;
}

/**
 * Makes the crypto of age headers over a region of media memory. Results are views of that region and valid until
 * `wipe`: secrets never lie in the engine's heap, where a collection would leave copies behind.
 * @param region - `AGE_REGION_BYTES`, at an offset divisible by 8
 * @throws RangeError when the region is too small; so do its functions once it is used up
 */
export function createAgeNatives(media: MediaMemory, region: MediaRegion): AgeNatives {
	if (region.bytes < AGE_REGION_BYTES)
		throw new RangeError("the region for headers of age files is too small");
	const end = region.at + region.bytes;
	let next = region.at;

	function take(length: number): number {
		const at = next;
		next += Math.ceil(length / 8) * 8;
		if (next > end) throw new RangeError("the region for headers of age files is used up: wipe it");
		return at;
	}

	function view(at: number, length: number): Uint8Array {
		return new Uint8Array(media.memory, at, length);
	}

	/** Where bytes lie in media memory; those that do not are copied there. */
	function place(bytes: Uint8Array): number {
		if (bytes.buffer === media.memory) return bytes.byteOffset;
		const at = take(bytes.length);
		view(at, bytes.length).set(bytes);
		return at;
	}

	function placeKey(key: Uint8Array): number {
		if (key.length !== X25519_BYTES)
			throw new RangeError(`a key has ${X25519_BYTES} bytes, not ${key.length}`);
		return place(key);
	}

	/** Twelve zeros. */
	function placeNonce(): number {
		const at = take(NONCE_BYTES);
		media.zero(at, NONCE_BYTES);
		return at;
	}

	return {
		publicKey(key) {
			const to = take(X25519_BYTES);
			media.x25519Public(placeKey(key), to);
			return view(to, X25519_BYTES);
		},
		sharedSecret(privateKey, publicKey) {
			const to = take(X25519_BYTES);
			const known = media.x25519Shared(placeKey(privateKey), placeKey(publicKey), to);
			return known ? view(to, X25519_BYTES) : undefined;
		},
		hmacSha256(key, message) {
			const to = take(CODE_BYTES);
			media.hmacSha256(place(key), key.length, place(message), message.length, to);
			return view(to, CODE_BYTES);
		},
		equal: (a, b) => a.length === b.length && media.equal(place(a), place(b), a.length),
		sealOnce(key, plaintext) {
			const { length } = plaintext;
			const to = take(length + TAG_BYTES);
			const [keyAt, nonceAt, from] = [placeKey(key), placeNonce(), place(plaintext)];
			media.chacha20Poly1305Seal(keyAt, nonceAt, nonceAt, 0, from, length, to, to + length);
			return view(to, length + TAG_BYTES);
		},
		openOnce(key, sealed) {
			const length = sealed.length - TAG_BYTES;
			if (length < 0) return undefined;
			const to = take(length);
			const [keyAt, nonceAt, from] = [placeKey(key), placeNonce(), place(sealed)];
			const tagAt = from + length;
			const valid = media.chacha20Poly1305Open(keyAt, nonceAt, nonceAt, 0, from, length, to, tagAt);
			return valid ? view(to, length) : undefined;
		},
		wipe() {
			media.zero(region.at, region.bytes);
			next = region.at;
		},
	};
}
