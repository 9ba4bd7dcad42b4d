import {
	createCipheriv,
	createDecipheriv,
	createHmac,
	createPrivateKey,
	createPublicKey,
	diffieHellman,
	timingSafeEqual,
} from "node:crypto";
import type { AgeCrypto } from "../age/crypto.ts";
import { TAG_BYTES } from "../age/crypto.ts";
import { CHUNK_BYTES, chunkNonce, chunksOf, SEALED_CHUNK_BYTES } from "../age/stream.ts";
import { concatenate } from "../cose/head.ts";
import { fromHex } from "./hex.ts";

/** PKCS #8 and SubjectPublicKeyInfo of an X25519 key up to its 32 bytes (RFC 8410). */
const PRIVATE_PREFIX = fromHex("302e020100300506032b656e04220420");
const PUBLIC_PREFIX = fromHex("302a300506032b656e032100");
const CIPHER = "chacha20-poly1305";
const OPTIONS = { authTagLength: TAG_BYTES } as const;

function privateKeyOf(key: Uint8Array) {
	return createPrivateKey({
		key: Buffer.from(concatenate(PRIVATE_PREFIX, key)),
		format: "der",
		type: "pkcs8",
	});
}

function seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
	const cipher = createCipheriv(CIPHER, key, nonce, OPTIONS);
	return concatenate(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

function open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
	const decipher = createDecipheriv(CIPHER, key, nonce, OPTIONS);
	decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
	try {
		return concatenate(decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final());
	} catch {
		return undefined;
	}
}

/** What headers of age files need, by node:crypto. */
export const nodeAgeCrypto: AgeCrypto = {
	publicKey: (key) =>
		new Uint8Array(
			createPublicKey(privateKeyOf(key))
				.export({ format: "der", type: "spki" })
				.subarray(PUBLIC_PREFIX.length),
		),
	sharedSecret: (privateKey, publicKey) => {
		const der = Buffer.from(concatenate(PUBLIC_PREFIX, publicKey));
		try {
			const peer = createPublicKey({ key: der, format: "der", type: "spki" });
			return new Uint8Array(diffieHellman({ privateKey: privateKeyOf(privateKey), publicKey: peer }));
		} catch {
			return undefined;
		}
	},
	hmacSha256: (key, message) => new Uint8Array(createHmac("sha256", key).update(message).digest()),
	equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
	sealOnce: (key, plaintext) => seal(key, new Uint8Array(12), plaintext),
	openOnce: (key, sealed) => open(key, new Uint8Array(12), sealed),
};

/** The chunks of a plaintext, sealed one after the other. */
export function sealChunks(key: Uint8Array, plaintext: Uint8Array): Uint8Array {
	const chunks = chunksOf(plaintext.length);
	return concatenate(
		...Array.from({ length: chunks }, (_, index) =>
			seal(
				key,
				chunkNonce(index, index === chunks - 1),
				plaintext.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES),
			),
		),
	);
}

/** The way back; undefined when a chunk is not the one that was sealed in its place. */
export function openChunks(key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
	const parts: Uint8Array[] = [];
	for (let at = 0; at < sealed.length; at += SEALED_CHUNK_BYTES) {
		const last = at + SEALED_CHUNK_BYTES >= sealed.length;
		const part = open(key, chunkNonce(parts.length, last), sealed.subarray(at, at + SEALED_CHUNK_BYTES));
		if (part === undefined) return undefined;
		parts.push(part);
	}
	return concatenate(...parts);
}
