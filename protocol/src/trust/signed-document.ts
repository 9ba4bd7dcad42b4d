import { CoseError } from "../cose/head.ts";
import { decodeSign1, encodeSign1, KID_BYTES, type Sign, type Sign1, type Verify } from "../cose/sign1.ts";
import { TrustError } from "./trust-error.ts";

/** What verifying needs: node:crypto in the tools, the natives on the camera. */
export interface TrustCrypto {
	/** SHA-256 (FIPS 180-4) of bytes: 32 bytes. */
	sha256(bytes: Uint8Array): Uint8Array;
	/** Ed25519 (RFC 8032). */
	readonly verify: Verify;
}

/** A key pair that signs documents. */
export interface Signer {
	/** Public key, 32 bytes. */
	readonly publicKey: Uint8Array;
	/** Signs with the private key. */
	readonly sign: Sign;
}

/** Identifies a public key: the first 8 bytes of its SHA-256. */
export function keyIdentifier(publicKey: Uint8Array, crypto: Pick<TrustCrypto, "sha256">): Uint8Array {
	return crypto.sha256(publicKey).slice(0, KID_BYTES);
}

/** Signs `payload`, a document of the media type `contentType`: a COSE_Sign1. */
export function signDocument(
	contentType: string,
	payload: Uint8Array,
	signer: Signer,
	crypto: Pick<TrustCrypto, "sha256">,
): Uint8Array {
	return encodeSign1({ contentType, kid: keyIdentifier(signer.publicKey, crypto), payload }, signer.sign);
}

/** What a signed document is expected to be. */
export interface Expected {
	/** What it is, for messages: `the policy`. */
	readonly what: string;
	/** Its media type. */
	readonly contentType: string;
	/** Public key of the only acceptable signer. */
	readonly publicKey: Uint8Array;
}

/**
 * The payload of a signed document, once type, signer and signature have been checked, in this order.
 * @throws {TrustError} malformed, wrong-type, wrong-signer, bad-signature
 */
export function openDocument(bytes: Uint8Array, expected: Expected, crypto: TrustCrypto): Uint8Array {
	const { what, contentType, publicKey } = expected;
	const signed = takeApart(bytes, what);
	if (signed.contentType !== contentType)
		throw new TrustError("wrong-type", `${what} is of the type ${signed.contentType}, not ${contentType}`);
	if (!sameBytes(signed.kid, keyIdentifier(publicKey, crypto)))
		throw new TrustError("wrong-signer", `${what} is signed with another key than the one expected`);
	if (!crypto.verify(publicKey, signed.toBeSigned, signed.signature))
		throw new TrustError("bad-signature", `the signature of ${what} is not valid: it was changed or damaged`);
	return signed.payload;
}

function takeApart(bytes: Uint8Array, what: string): Sign1 {
	try {
		return decodeSign1(bytes);
	} catch (error) {
		if (error instanceof CoseError)
			throw new TrustError("malformed", `${what} cannot be read: ${error.message}`);
		throw error;
	}
}

/** Whether two byte strings are equal. Not for secrets: it returns at the first difference. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
	return true;
}
