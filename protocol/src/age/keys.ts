import { AgeError } from "./age-error.ts";
import { decodeBech32, encodeBech32 } from "./bech32.ts";
import { X25519_BYTES } from "./crypto.ts";

/** What a recipient begins with, before the separator. */
const RECIPIENT_PREFIX = "age";

/** What an identity begins with, before the separator, in lower case. */
const IDENTITY_PREFIX = "age-secret-key-";

/**
 * The X25519 public key, 32 bytes, of an age recipient: `age1…`.
 * @throws {AgeError} bad-key-text
 */
export function parseRecipient(text: string): Uint8Array {
	const key = text.startsWith("age1") ? decodeBech32(RECIPIENT_PREFIX, text) : undefined;
	if (key?.length !== X25519_BYTES)
		throw new AgeError(
			"bad-key-text",
			"this is no age recipient: it has to be the whole text that begins with age1, as age-keygen shows it",
		);
	return key;
}

/** The recipient, `age1…`, of an X25519 public key. @throws RangeError when it does not have 32 bytes */
export function formatRecipient(publicKey: Uint8Array): string {
	return encodeBech32(RECIPIENT_PREFIX, requireKey(publicKey));
}

/**
 * The X25519 private key, 32 bytes, of an age identity: `AGE-SECRET-KEY-1…`.
 * @throws {AgeError} bad-key-text; the message does not repeat the text
 */
export function parseIdentity(text: string): Uint8Array {
	const key = text.startsWith("AGE-SECRET-KEY-1") ? decodeBech32(IDENTITY_PREFIX, text) : undefined;
	if (key?.length !== X25519_BYTES)
		throw new AgeError(
			"bad-key-text",
			"this is no age identity: it has to be the whole line that begins with AGE-SECRET-KEY-1",
		);
	return key;
}

/** The identity, `AGE-SECRET-KEY-1…`, of an X25519 private key. @throws RangeError when it does not have 32 bytes */
export function formatIdentity(privateKey: Uint8Array): string {
	return encodeBech32(IDENTITY_PREFIX, requireKey(privateKey)).toUpperCase();
}

function requireKey(key: Uint8Array): Uint8Array {
	if (key.length !== X25519_BYTES)
		throw new RangeError(`an X25519 key has ${X25519_BYTES} bytes, not ${key.length}`);
	return key;
}
