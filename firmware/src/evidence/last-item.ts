import { custodyHash } from "@bodycam/protocol/custody/chain";
import { type CustodyItem, readCustody } from "@bodycam/protocol/custody/reader";
import type { CustodyPlace } from "@bodycam/protocol/custody/writer";
import {
	keyIdentifier,
	type Signer,
	sameBytes,
	type TrustCrypto,
} from "@bodycam/protocol/trust/signed-document";

/**
 * The last item of a record, where this camera's key can go on behind it.
 * @param items - whole items, the last one of the record among them
 * @returns undefined when there is none, it cannot be read, or another key has signed it
 */
export function lastOwnItem(
	items: Uint8Array,
	signer: Signer,
	crypto: Pick<TrustCrypto, "sha256">,
): CustodyItem | undefined {
	let last: CustodyItem | undefined;
	for (const piece of readCustody(items)) {
		if (piece.kind === "rest") return undefined;
		last = piece;
	}
	if (last === undefined || !sameBytes(last.signed.kid, keyIdentifier(signer.publicKey, crypto)))
		return undefined;
	return last;
}

/** Where a record goes on behind an item. */
export function placeBehind(
	{ entry, signed }: CustodyItem,
	crypto: Pick<TrustCrypto, "sha256">,
): CustodyPlace {
	return { item: entry.item + 1, before: custodyHash(signed.payload, crypto) };
}
