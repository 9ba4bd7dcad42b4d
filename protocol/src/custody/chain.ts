import { concatenate } from "../cose/head.ts";
import type { TrustCrypto } from "../trust/signed-document.ts";

/** What the hash before a camera's first recording is over, before its serial number. */
export const CUSTODY_GENESIS_TEXT = "bodycam-custody-1";

type Hashing = Pick<TrustCrypto, "sha256">;

/** The hash before a camera's first recording: SHA-256 of `CUSTODY_GENESIS_TEXT` and the serial number in UTF-8. */
export function custodyGenesis(serial: string, crypto: Hashing): Uint8Array {
	return crypto.sha256(concatenate(utf8(CUSTODY_GENESIS_TEXT), utf8(serial)));
}

/** The hash behind an item: SHA-256 of its payload, which holds the hash before it. */
export function custodyHash(payload: Uint8Array, crypto: Hashing): Uint8Array {
	return crypto.sha256(payload);
}

/** The engine has no TextEncoder. */
function utf8(text: string): Uint8Array {
	const bytes: number[] = [];
	for (const character of text) {
		const code = character.codePointAt(0) ?? 0;
		if (code < 0x80) bytes.push(code);
		else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
		else if (code < 0x1_0000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
		else
			bytes.push(
				0xf0 | (code >> 18),
				0x80 | ((code >> 12) & 63),
				0x80 | ((code >> 6) & 63),
				0x80 | (code & 63),
			);
	}
	return Uint8Array.from(bytes);
}
