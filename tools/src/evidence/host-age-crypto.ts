import {
	createCipheriv,
	createDecipheriv,
	createHmac,
	createPrivateKey,
	createPublicKey,
	diffieHellman,
	type KeyObject,
	timingSafeEqual,
} from "node:crypto";
import { type AgeCrypto, TAG_BYTES, X25519_BYTES } from "@bodycam/protocol/age/crypto";

/** DER of an X25519 key before its 32 bytes (RFC 8410): PKCS #8 and SubjectPublicKeyInfo. */
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_PREFIX = Buffer.from("302a300506032b656e032100", "hex");

const CIPHER = "chacha20-poly1305";
const OPTIONS = { authTagLength: TAG_BYTES } as const;
const NONCE_OF_ZEROS = new Uint8Array(12);

/** What headers of age files need, by node:crypto. */
export const hostAgeCrypto: AgeCrypto = {
	publicKey: (key) => {
		const der = createPublicKey(privateKey(key)).export({ format: "der", type: "spki" });
		return new Uint8Array(der.subarray(der.length - X25519_BYTES));
	},
	sharedSecret: (key, publicKey) => {
		const der = Buffer.concat([PUBLIC_PREFIX, publicKey]);
		const peer = createPublicKey({ key: der, format: "der", type: "spki" });
		try {
			return new Uint8Array(diffieHellman({ privateKey: privateKey(key), publicKey: peer }));
		} catch {
			// OpenSSL refuses a secret of zeros, which a point of small order gives.
			return undefined;
		}
	},
	hmacSha256: (key, message) => new Uint8Array(createHmac("sha256", key).update(message).digest()),
	equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
	sealOnce: (key, plaintext) => seal(key, NONCE_OF_ZEROS, plaintext),
	openOnce: (key, sealed) => openSealed(key, NONCE_OF_ZEROS, sealed),
};

/** Seals with AEAD_CHACHA20_POLY1305 (RFC 8439) without additional data: ciphertext and tag. */
export function seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
	const cipher = createCipheriv(CIPHER, key, nonce, OPTIONS);
	return new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
}

/**
 * Opens what AEAD_CHACHA20_POLY1305 (RFC 8439) has sealed without additional data.
 * @returns the plaintext; undefined when the tag at the end is not that of these bytes
 */
export function openSealed(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
	if (sealed.length < TAG_BYTES) return undefined;
	const decipher = createDecipheriv(CIPHER, key, nonce, OPTIONS);
	decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
	const plaintext = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
	try {
		decipher.final();
	} catch {
		return undefined;
	}
	return plaintext;
}

function privateKey(key: Uint8Array): KeyObject {
	return createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, key]), format: "der", type: "pkcs8" });
}
