import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { concatenate } from "../cose/head.ts";
import type { Signer, TrustCrypto } from "../trust/signed-document.ts";
import { fromHex } from "./hex.ts";

/** PKCS #8 and SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410). */
const PRIVATE_PREFIX = fromHex("302e020100300506032b657004220420");
const PUBLIC_PREFIX = fromHex("302a300506032b6570032100");

/** What verifying needs, by node:crypto. */
export const nodeTrustCrypto: TrustCrypto = {
	sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
	verify: (publicKey, message, signature) => {
		const der = Buffer.from(concatenate(PUBLIC_PREFIX, publicKey));
		return verify(null, message, createPublicKey({ key: der, format: "der", type: "spki" }), signature);
	},
};

/** The key pair of a 32-byte seed, by node:crypto. */
export function signerOf(seed: Uint8Array): Signer {
	const der = Buffer.from(concatenate(PRIVATE_PREFIX, seed));
	const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
	const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
	return {
		publicKey: new Uint8Array(spki.subarray(PUBLIC_PREFIX.length)),
		sign: (message) => new Uint8Array(sign(null, message, privateKey)),
	};
}

/** A key pair for tests; another one for each number. */
export function testSigner(number: number): Signer {
	return signerOf(new Uint8Array(32).fill(number));
}
