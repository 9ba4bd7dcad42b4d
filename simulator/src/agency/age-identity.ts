import { createPrivateKey, createPublicKey } from "node:crypto";

/** PKCS #8 of an X25519 private key up to its 32 bytes (RFC 8410 section 7). */
const PREFIX = Buffer.from("302e020100300506032b656e04220420", "hex");

/** The X25519 public key, 32 bytes, of a private key: any 32 bytes (RFC 7748 section 6.1). */
export function x25519Public(privateKey: Uint8Array): Uint8Array {
	const key = createPrivateKey({
		key: Buffer.concat([PREFIX, privateKey]),
		format: "der",
		type: "pkcs8",
	});
	const spki = createPublicKey(key).export({ format: "der", type: "spki" });
	return new Uint8Array(spki.subarray(spki.length - privateKey.length));
}
