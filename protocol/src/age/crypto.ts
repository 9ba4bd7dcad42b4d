/** Bytes of an X25519 key, public or private, and of a secret two keys share (RFC 7748 section 5). */
export const X25519_BYTES = 32;

/** Bytes of an AEAD_CHACHA20_POLY1305 tag (RFC 8439 section 2.8). */
export const TAG_BYTES = 16;

/** What headers of age files need: node:crypto in the tools, the natives on the camera. */
export interface AgeCrypto {
	/** The X25519 public key, 32 bytes, of a private key: any 32 bytes (RFC 7748 section 6.1). */
	publicKey(privateKey: Uint8Array): Uint8Array;
	/** The X25519 secret, 32 bytes; undefined where it would be all zeros (RFC 7748 section 6.1). */
	sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
	/** HMAC-SHA-256 (RFC 2104): 32 bytes. */
	hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array;
	/** Whether two byte strings are the same, in a time that depends on their lengths only. */
	equal(a: Uint8Array, b: Uint8Array): boolean;
	/**
	 * Encrypts a file key by AEAD_CHACHA20_POLY1305 (RFC 8439 section 2.8) with a nonce of zeros and no additional data:
	 * ciphertext and tag. Every key given here is used for one message only.
	 */
	sealOnce(key: Uint8Array, plaintext: Uint8Array): Uint8Array;
	/** The way back; undefined when the tag is not that of these bytes. */
	openOnce(key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}
