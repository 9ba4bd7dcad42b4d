import { PUBLIC_KEY_BYTES } from "../cose/sign1.ts";
import { bytes, type Infer, map, text } from "../schema/schema.ts";
import { type Signer, sameBytes, type TrustCrypto } from "./signed-document.ts";
import { openMap, signMap } from "./signed-map.ts";
import { TrustError } from "./trust-error.ts";

/** Media type of a key request. */
export const KEY_REQUEST_TYPE = "application/bodycam-key-request+cbor";

/** Most bytes of a signed key request. */
export const KEY_REQUEST_BYTES_MAX = 384;

/** Bytes of a nonce. */
export const NONCE_BYTES = 16;

/** Schema of `KeyRequest`. */
export const keyRequest = map(
	{
		serial: text(64, { doc: "serial number of the camera" }),
		key: bytes(PUBLIC_KEY_BYTES, {
			min: PUBLIC_KEY_BYTES,
			doc: "the Ed25519 public key the camera has made",
		}),
		nonce: bytes(NONCE_BYTES, { min: NONCE_BYTES, doc: "that of the agency's tool" }),
	},
	{
		name: "key-request",
		doc: "payload of a COSE_Sign1 by the key in it: the camera asks for a certificate, and shows that it has the private key",
	},
);

/** A camera asks for a certificate of its key. */
export type KeyRequest = Infer<typeof keyRequest>;

/** A request signed with the key it is about: a COSE_Sign1. */
export function signKeyRequest(
	content: Pick<KeyRequest, "serial" | "nonce">,
	signer: Signer,
	crypto: Pick<TrustCrypto, "sha256">,
): Uint8Array {
	return signMap(KEY_REQUEST_TYPE, { ...content, key: signer.publicKey }, signer, crypto);
}

/**
 * Checks that a request was made with the key it names, for this nonce and camera.
 * @throws {TrustError} malformed, wrong-type, wrong-signer, bad-signature, wrong-device
 */
export function verifyKeyRequest(signed: Uint8Array, expected: KeyRequest, crypto: TrustCrypto): void {
	const what = "the camera's request";
	const opening = { what, contentType: KEY_REQUEST_TYPE, publicKey: expected.key };
	const content = openMap(keyRequest, signed, opening, crypto);
	if (content.serial !== expected.serial || !sameBytes(content.key, expected.key))
		throw new TrustError("wrong-device", `${what} is for another camera or key`);
	if (!sameBytes(content.nonce, expected.nonce))
		throw new TrustError("bad-signature", `${what} was made for another occasion`);
}
