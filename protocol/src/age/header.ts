import { concatenate } from "../cose/head.ts";
import { AgeError } from "./age-error.ts";
import { asciiBytes } from "./ascii.ts";
import { encodeBare64 } from "./base64.ts";
import { type AgeCrypto, X25519_BYTES } from "./crypto.ts";
import { hkdfSha256 } from "./hkdf.ts";

/** First line of a header. */
export const VERSION_LINE = "age-encryption.org/v1";

/** Bytes of a file key: 128 random bits, new for every file. */
export const FILE_KEY_BYTES = 16;

/** Most recipients a header is written for, and most stanzas one is read with. */
export const RECIPIENTS_MAX = 16;

/** Label under which the key that wraps a file key is derived. */
const X25519_INFO = "age-encryption.org/v1/X25519";

/** What a header is written from. */
export interface AgeHeaderInput {
	/** The file key, `FILE_KEY_BYTES` of randomness. */
	readonly fileKey: Uint8Array;
	/** X25519 public keys of those who can decrypt, each 32 bytes. */
	readonly recipients: readonly Uint8Array[];
	/** As many ephemeral private keys, each 32 bytes of randomness, used for nothing else; they are overwritten. */
	readonly ephemeral: readonly Uint8Array[];
}

/**
 * Writes the header of an age v1 file (C2SP age, "File header") for X25519 recipients: version line, a stanza per
 * recipient, MAC. Behind it come the payload's nonce and the chunks.
 * @throws {AgeError} recipients, weak-recipient
 * @throws RangeError when a key has another length, or the ephemeral keys are not as many as the recipients
 */
export function writeAgeHeader(input: AgeHeaderInput, crypto: AgeCrypto): Uint8Array {
	const { fileKey, recipients, ephemeral } = input;
	requireRecipients(recipients);
	if (fileKey.length !== FILE_KEY_BYTES) throw new RangeError(`a file key has ${FILE_KEY_BYTES} bytes`);
	if (ephemeral.length !== recipients.length) throw new RangeError("every recipient takes an ephemeral key");
	try {
		let text = `${VERSION_LINE}\n`;
		recipients.forEach((recipient, index) => {
			text += stanza(fileKey, recipient, ephemeral[index] as Uint8Array, crypto);
		});
		const unsigned = asciiBytes(`${text}---`);
		const mac = headerMac(fileKey, unsigned, crypto);
		return concatenate(unsigned, asciiBytes(` ${encodeBare64(mac)}\n`));
	} finally {
		for (const key of ephemeral) key.fill(0);
	}
}

/** Bytes of a header for so many X25519 recipients. */
export function ageHeaderBytes(recipients: number): number {
	const stanzaBytes = "-> X25519 ".length + 43 + 1 + 43 + 1;
	return VERSION_LINE.length + 1 + recipients * stanzaBytes + "--- ".length + 43 + 1;
}

function requireRecipients(recipients: readonly Uint8Array[]): void {
	if (recipients.length === 0)
		throw new AgeError("recipients", "a file needs at least one recipient, or nobody could ever read it");
	if (recipients.length > RECIPIENTS_MAX)
		throw new AgeError("recipients", `a file has at most ${RECIPIENTS_MAX} recipients`);
	const seen = new Set<string>();
	for (const recipient of recipients) {
		if (recipient.length !== X25519_BYTES)
			throw new RangeError(`a recipient's key has ${X25519_BYTES} bytes`);
		const key = recipient.join();
		if (seen.has(key)) throw new AgeError("recipients", "a recipient is there twice: give each key once");
		seen.add(key);
	}
}

function stanza(
	fileKey: Uint8Array,
	recipient: Uint8Array,
	ephemeral: Uint8Array,
	crypto: AgeCrypto,
): string {
	const share = crypto.publicKey(ephemeral);
	const wrapKey = x25519WrapKey(crypto.sharedSecret(ephemeral, recipient), share, recipient, crypto);
	if (wrapKey === undefined)
		throw new AgeError("weak-recipient", "a recipient's key is a point of small order: it protects nothing");
	const body = encodeBare64(crypto.sealOnce(wrapKey, fileKey));
	wrapKey.fill(0);
	return `-> X25519 ${encodeBare64(share)}\n${body}\n`;
}

/** The key that wraps a file key for a recipient; undefined without a secret. The secret is overwritten. */
export function x25519WrapKey(
	secret: Uint8Array | undefined,
	share: Uint8Array,
	recipient: Uint8Array,
	crypto: Pick<AgeCrypto, "hmacSha256">,
): Uint8Array | undefined {
	if (secret === undefined) return undefined;
	try {
		return hkdfSha256(secret, concatenate(share, recipient), X25519_INFO, crypto);
	} finally {
		secret.fill(0);
	}
}

/** The MAC, 32 bytes, of a header: over everything up to and including the `---` of its last line. */
export function headerMac(
	fileKey: Uint8Array,
	unsigned: Uint8Array,
	crypto: Pick<AgeCrypto, "hmacSha256">,
): Uint8Array {
	const key = hkdfSha256(fileKey, new Uint8Array(0), "header", crypto);
	try {
		return crypto.hmacSha256(key, unsigned);
	} finally {
		key.fill(0);
	}
}
