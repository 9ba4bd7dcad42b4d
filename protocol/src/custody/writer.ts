import { encodeCbor } from "../cbor/codec.ts";
import { parse } from "../schema/validate.ts";
import { type Signer, signDocument, type TrustCrypto } from "../trust/signed-document.ts";
import { custodyHash } from "./chain.ts";
import { type CustodyBody, type CustodyEntry, custodyEntry } from "./entry.ts";
import { CUSTODY_ITEM_BYTES_MAX, CUSTODY_TYPE } from "./terms.ts";

/** Where a record goes on: after a power cut it is what a reader found. */
export interface CustodyPlace {
	/** Number of the next item. */
	readonly item: number;
	/** Hash before it; for a header, that of the recording before or `custodyGenesis`. */
	readonly before: Uint8Array;
}

/** Signs the items of one custody record, one after the other. */
export class CustodyWriter {
	readonly #signer: Signer;
	readonly #crypto: Pick<TrustCrypto, "sha256">;
	#item: number;
	#before: Uint8Array;

	/** @param place - where it goes on @param signer - the camera's key */
	constructor(place: CustodyPlace, signer: Signer, crypto: Pick<TrustCrypto, "sha256">) {
		this.#item = place.item;
		this.#before = place.before;
		this.#signer = signer;
		this.#crypto = crypto;
	}

	/** Where it goes on; behind the last item, what the next recording begins with. */
	get place(): CustodyPlace {
		return { item: this.#item, before: this.#before };
	}

	/**
	 * The next item, to be appended to the record. Once it has been returned it counts as written: if it could not be
	 * kept, the record ends before it.
	 * @throws {SchemaError} when the body does not fit the schema
	 * @throws RangeError when the item would be longer than `CUSTODY_ITEM_BYTES_MAX`
	 */
	append(body: CustodyBody): Uint8Array {
		const entry: CustodyEntry = parse(custodyEntry, { item: this.#item, before: this.#before, ...body });
		const payload = encodeCbor(entry);
		const item = signDocument(CUSTODY_TYPE, payload, this.#signer, this.#crypto);
		if (item.length > CUSTODY_ITEM_BYTES_MAX)
			throw new RangeError(`an item of a custody record has at most ${CUSTODY_ITEM_BYTES_MAX} bytes`);
		this.#before = custodyHash(payload, this.#crypto);
		this.#item++;
		return item;
	}
}
