import type { TrustCrypto } from "../trust/signed-document.ts";
import { custodyHash } from "./chain.ts";
import { readCustody } from "./reader.ts";

/**
 * The final hash of a recording, 32 bytes: the hash behind the last item of its custody record. Undefined when the
 * record does not end with `final` or `recovery`.
 * @param items - whole items, the last one of the record among them
 */
export function finalHash(items: Uint8Array, crypto: Pick<TrustCrypto, "sha256">): Uint8Array | undefined {
	let hash: Uint8Array | undefined;
	for (const piece of readCustody(items)) {
		const ends = piece.kind === "item" && (piece.entry.type === "final" || piece.entry.type === "recovery");
		hash = ends ? custodyHash(piece.signed.payload, crypto) : undefined;
	}
	return hash;
}
