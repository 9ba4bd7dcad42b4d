import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import { ed25519Verify } from "@bodycam/firmware/ed25519";
import { PUBLIC_KEY_BYTES } from "@bodycam/protocol/cose/sign1";
import type { Signer, TrustCrypto } from "@bodycam/protocol/trust/signed-document";

/** Digests and signatures by node:crypto. */
export const hostCrypto: TrustCrypto = {
	sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
	verify: ed25519Verify,
};

/** Signs with an Ed25519 private key. */
export function signerOf(key: KeyObject): Signer {
	const spki = createPublicKey(key).export({ format: "der", type: "spki" });
	return {
		publicKey: new Uint8Array(spki.subarray(spki.length - PUBLIC_KEY_BYTES)),
		sign: (message) => new Uint8Array(sign(null, message, key)),
	};
}
