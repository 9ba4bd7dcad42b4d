/**
 * Media memory: one flat region of bytes outside the engine's heap. Everything in it is named by offset and
 * length (bytes); JavaScript moves descriptors, the operations below move and read the bytes natively.
 * Every operation throws RangeError when it would leave the region.
 */
export interface MediaMemory {
	/** The whole region, at a fixed address: build small views on it once and keep them. */
	readonly memory: ArrayBuffer;
	/** Moves `length` bytes; the ranges may overlap. */
	copy(to: number, from: number, length: number): void;
	/** Overwrites with zeros, also secrets that nothing reads any more: no compiler leaves it out. */
	zero(at: number, length: number): void;
	/** Compares as unsigned bytes: below 0, 0, above 0. */
	compare(a: number, b: number, length: number): number;
	/** CRC-32 (IEEE 802.3); `seed` is the value so far, 0 at first. */
	crc32(at: number, length: number, seed?: number): number;
	/** CRC-16/XMODEM (polynomial 0x1021); `seed` is the value so far, 0 at first. */
	crc16(at: number, length: number, seed?: number): number;
	/** Begins a SHA-256 (FIPS 180-4) in a context of `SHA256_CONTEXT_BYTES` at an offset divisible by 8. */
	sha256Begin(context: number): void;
	/** Adds bytes to the digest. */
	sha256Update(context: number, at: number, length: number): void;
	/** Writes the 32-byte digest and zeroes the context. */
	sha256End(context: number, to: number): void;
	/** Writes the Ed25519 public key (RFC 8032), 32 bytes, of the private key at `seedAt`, its 32-byte seed. */
	ed25519Public(seedAt: number, to: number): void;
	/** Writes the 64-byte Ed25519 signature of a message. */
	ed25519Sign(seedAt: number, at: number, length: number, to: number): void;
	/** Whether the 64 bytes at `signatureAt` are the message's signature by the 32-byte public key at `keyAt`. */
	ed25519Verify(keyAt: number, at: number, length: number, signatureAt: number): boolean;
	/**
	 * Whether the bytes are the same, in a time that depends on `length` only: for tags and other secrets, where
	 * `compare` would show how far a guess is right.
	 */
	equal(a: number, b: number, length: number): boolean;
	/** Writes the HMAC-SHA-256 (RFC 2104, FIPS 198-1), 32 bytes; the key may have any length. */
	hmacSha256(keyAt: number, keyLength: number, at: number, length: number, to: number): void;
	/** Writes the X25519 public key (RFC 7748 section 6.1), 32 bytes, of a private key, any 32 bytes. */
	x25519Public(scalarAt: number, to: number): void;
	/**
	 * Writes the 32-byte secret that a private key shares with a public one (RFC 7748 section 6.1). False, with `to` as
	 * it was, where the secret would be all zeros because the public key is a point of small order.
	 */
	x25519Shared(scalarAt: number, pointAt: number, to: number): boolean;
	/**
	 * Encrypts `length` bytes at `at` to `to` and writes their 16-byte tag, by AEAD_CHACHA20_POLY1305 (RFC 8439 section
	 * 2.8): 32-byte key, 12-byte nonce that no two messages under a key may share, `dataLength` bytes of additional data.
	 * `to` may be `at`; otherwise it throws RangeError when the target overlaps anything that is read, or the tag.
	 */
	chacha20Poly1305Seal(
		keyAt: number,
		nonceAt: number,
		dataAt: number,
		dataLength: number,
		at: number,
		length: number,
		to: number,
		tagAt: number,
	): void;
	/** The way back, under the same rules. False, with the target as it was, when the tag is not that of these bytes. */
	chacha20Poly1305Open(
		keyAt: number,
		nonceAt: number,
		dataAt: number,
		dataLength: number,
		at: number,
		length: number,
		to: number,
		tagAt: number,
	): boolean;
	/** Stores up to 8 words, little-endian, one after the other. */
	store32(
		at: number,
		a: number,
		b?: number,
		c?: number,
		d?: number,
		e?: number,
		f?: number,
		g?: number,
		h?: number,
	): void;
	/** Stores up to 8 words, big-endian, one after the other. */
	store32be(
		at: number,
		a: number,
		b?: number,
		c?: number,
		d?: number,
		e?: number,
		f?: number,
		g?: number,
		h?: number,
	): void;
	/** Reads a little-endian word, unsigned. */
	load32(at: number): number;
	/** Reads a big-endian word, unsigned. */
	load32be(at: number): number;
	/** Offset of the first `byte` in the range, or -1. */
	indexOf(at: number, length: number, byte: number): number;
	/** Base64 (RFC 4648 section 4) of the range; returns the bytes written. */
	base64Encode(to: number, from: number, length: number): number;
	/** Decodes base64; returns the bytes written, or -1 when it is malformed. */
	base64Decode(to: number, from: number, length: number): number;
	/** Writes UTF-8, whole code points only, at most `max` bytes; returns the bytes written. */
	writeText(at: number, max: number, text: string): number;
	/** Reads UTF-8. */
	readText(at: number, length: number): string;
}

/** Bytes of a SHA-256 context. */
export const SHA256_CONTEXT_BYTES = 128;

/** A part of media memory that belongs to one owner. */
export interface MediaRegion {
	/** Offset of its first byte. */
	readonly at: number;
	/** Bytes. */
	readonly bytes: number;
}
