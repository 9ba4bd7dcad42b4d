import { concatenate } from "../cose/head.ts";
import type { TrustCrypto } from "../trust/signed-document.ts";

/** SHA-256 (FIPS 180-4) of bytes. */
export type Sha256 = TrustCrypto["sha256"];

/** What the hash of an empty log is over, before the identity of its card. */
export const GENESIS_TEXT = "bodycam-event-log-1";

/** The hash a log begins with: SHA-256 of `GENESIS_TEXT` (ASCII) and the 16 bytes of the card's identity. */
export function genesisHash(identity: Uint8Array, sha256: Sha256): Uint8Array {
	const text = Uint8Array.from(GENESIS_TEXT, (character) => character.charCodeAt(0));
	return sha256(concatenate(text, identity));
}

/** The hash behind an entry: SHA-256 of the hash before it and its bytes. */
export function nextHash(before: Uint8Array, entry: Uint8Array, sha256: Sha256): Uint8Array {
	return sha256(concatenate(before, entry));
}
