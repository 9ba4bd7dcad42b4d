import type { TrustCrypto } from "../trust/signed-document.ts";
import { custodyHash } from "./chain.ts";
import { mayFollowEnd } from "./entry.ts";
import { readCustody } from "./reader.ts";

/**
 * The final hash of a recording, 32 bytes: the hash behind the item that ends its custody record. Undefined when the
 * record does not end with `final` or `recovery` and what may follow them.
 * @param items - whole items, the last ones of the record among them
 */
export function finalHash(items: Uint8Array, crypto: Pick<TrustCrypto, "sha256">): Uint8Array | undefined {
	let hash: Uint8Array | undefined;
	for (const piece of readCustody(items)) {
		if (piece.kind === "rest") return undefined;
		const { entry, signed } = piece;
		if (entry.type === "final" || entry.type === "recovery") hash = custodyHash(signed.payload, crypto);
		else if (!mayFollowEnd(entry)) hash = undefined;
	}
	return hash;
}
