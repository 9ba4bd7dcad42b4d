import { type ExtentStore, StoreError } from "../storage/store-interface.ts";

/** Numbers of the recordings on the card, in order, those that were erased left out; none without a card. */
export function keptRecordings(store: Pick<ExtentStore, "list">): readonly number[] {
	try {
		const all = store.list(1, Number.MAX_SAFE_INTEGER);
		return all.filter(({ state }) => state !== "erased").map(({ number }) => number);
	} catch (error) {
		if (error instanceof StoreError) return [];
		throw error;
	}
}
