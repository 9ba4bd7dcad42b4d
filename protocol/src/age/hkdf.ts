import { concatenate } from "../cose/head.ts";
import { asciiBytes } from "./ascii.ts";
import type { AgeCrypto } from "./crypto.ts";

/**
 * HKDF-SHA-256 (RFC 5869) with one block of output: 32 bytes, all that age ever derives.
 * @param salt - empty stands for 32 zeros, as HMAC pads its key with zeros
 * @param info - ASCII
 */
export function hkdfSha256(
	secret: Uint8Array,
	salt: Uint8Array,
	info: string,
	crypto: Pick<AgeCrypto, "hmacSha256">,
): Uint8Array {
	const extracted = crypto.hmacSha256(salt.length === 0 ? new Uint8Array(32) : salt, secret);
	try {
		return crypto.hmacSha256(extracted, concatenate(asciiBytes(info), Uint8Array.of(1)));
	} finally {
		extracted.fill(0);
	}
}
