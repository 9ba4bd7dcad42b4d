/**
 * X25519 (RFC 7748 section 5) of raw keys by node:crypto, for the engine's host and the tests. Pure: the same bytes
 * always give the same result.
 */
import { diffieHellman } from "node:crypto";
import { CurveKeys } from "./key-objects.ts";

const keys = new CurveKeys("x25519");

/** The public key, 32 bytes, of a private key, any 32 bytes. */
export function x25519Public(scalar: Uint8Array): Uint8Array {
	return keys.publicOf(scalar);
}

/**
 * The secret, 32 bytes, that a private key shares with a public one; undefined where it would be all zeros, because
 * the public key is a point of small order (RFC 7748 section 6.1).
 */
export function x25519Shared(scalar: Uint8Array, point: Uint8Array): Uint8Array | undefined {
	const privateKey = keys.privateKey(scalar);
	const publicKey = keys.publicKey(point);
	try {
		return new Uint8Array(diffieHellman({ privateKey, publicKey }));
	} catch {
		// OpenSSL makes the check; with keys of the right length nothing else can go wrong
		return undefined;
	}
}
