import type { TrustCrypto } from "@bodycam/protocol/trust/signed-document";

/** Longest message that can be signed or verified, and hashed at once, bytes. */
export const SIGNED_MESSAGE_MAX = 8192;

/** Ed25519 signatures (RFC 8032) and SHA-256 (FIPS 180-4) over small byte strings, computed natively. */
export interface Signature extends TrustCrypto {
	/** The public key, 32 bytes, of a private key: its 32-byte seed. @throws RangeError for another length */
	publicKey(seed: Uint8Array): Uint8Array;
	/** The signature, 64 bytes, of a message. @throws RangeError for a seed or message of a length that is not allowed */
	sign(seed: Uint8Array, message: Uint8Array): Uint8Array;
	/**
	 * Writes the signature, 64 bytes, of `length` bytes of media memory at `at` to media memory at `to`; for what is
	 * signed while recording, as nothing is allocated. @throws RangeError for a seed of another length
	 */
	signMemory(seed: Uint8Array, at: number, length: number, to: number): void;
	/** Whether a signature is valid; false for a key, message or signature of a length that is not allowed. */
	verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
	/** The digest, 32 bytes. @throws RangeError when it is longer than `SIGNED_MESSAGE_MAX` */
	sha256(bytes: Uint8Array): Uint8Array;
}
