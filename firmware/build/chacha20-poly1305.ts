/**
 * AEAD_CHACHA20_POLY1305 (RFC 8439 section 2.8) by node:crypto, for the engine's host and the tests. Pure: the same
 * bytes always give the same result.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";

const ALGORITHM = "chacha20-poly1305";
/** Bytes of a tag. */
const TAG_BYTES = 16;

/** A ciphertext and its tag. */
export interface Sealed {
	/** As long as the plaintext. */
	readonly ciphertext: Uint8Array;
	/** 16 bytes. */
	readonly tag: Uint8Array;
}

/** Encrypts and authenticates. @param data what is authenticated too; key 32 bytes, nonce 12 bytes */
export function chacha20Poly1305Seal(
	key: Uint8Array,
	nonce: Uint8Array,
	data: Uint8Array,
	plaintext: Uint8Array,
): Sealed {
	const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
	cipher.setAAD(data, { plaintextLength: plaintext.length });
	const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
	return { ciphertext, tag: cipher.getAuthTag() };
}

/** Decrypts what `chacha20Poly1305Seal` gave; undefined when the tag is not that of these bytes. */
export function chacha20Poly1305Open(
	key: Uint8Array,
	nonce: Uint8Array,
	data: Uint8Array,
	sealed: Sealed,
): Uint8Array | undefined {
	const { ciphertext, tag } = sealed;
	const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
	decipher.setAAD(data, { plaintextLength: ciphertext.length });
	decipher.setAuthTag(tag);
	const plaintext = decipher.update(ciphertext);
	try {
		decipher.final();
	} catch {
		// the one thing that can be wrong by now
		plaintext.fill(0);
		return undefined;
	}
	return plaintext;
}
