/**
 * Authenticated encryption of media memory: AEAD_CHACHA20_POLY1305 (RFC 8439 section 2.8), computed natively. It has one
 * key at a time. Offsets and lengths are in bytes; nothing is allocated but by `setKey`'s caller.
 */
export interface AuthenticatedCipher {
	/** Takes the key for what follows, 32 bytes. @throws RangeError for another length */
	setKey(key: Uint8Array): void;
	/**
	 * Sets the nonce for the next message as three 32-bit words, big-endian, one after the other. Two messages under one
	 * key never share a nonce: whoever sets it counts.
	 */
	setNonce(first: number, second: number, third: number): void;
	/**
	 * Encrypts `length` bytes at `at` to `to`, and writes the tag over them and `dataLength` bytes of additional data at
	 * `dataAt`.
	 * @param to - `at` itself, or apart from everything else
	 * @param tagAt - 16 bytes; `to + length` appends it to the ciphertext
	 * @throws RangeError where the target overlaps anything that is read, or the tag
	 */
	seal(dataAt: number, dataLength: number, at: number, length: number, to: number, tagAt: number): void;
	/**
	 * The way back. False when the tag is not that of these bytes; then the target is as it was.
	 * @throws RangeError as `seal`
	 */
	open(dataAt: number, dataLength: number, at: number, length: number, to: number, tagAt: number): boolean;
	/** Forgets the key. Idempotent. */
	close(): void;
}

/** Bytes of a key. */
export const CIPHER_KEY_BYTES = 32;
