import type { RandomStream } from "../world/random.ts";
import { type BlockStore, SECTOR_BYTES } from "./block-store.ts";

/** What a power cut does to writes that were done but not flushed: kept as written, lost, or each at random kept, lost or torn at a sector. */
export type CutMode = "keep" | "lose" | "tear";

/** Bytes of earlier contents that are remembered; what is older counts as written for good. */
const MAXIMUM_BYTES = 64 * 1024 * 1024;

interface Undo {
	readonly sector: number;
	readonly before: Uint8Array;
}

/**
 * The volatile cache of a card. Writes reach the store at once, but until a flush the earlier contents are
 * remembered, so that a power cut can take writes back.
 */
export class WriteCache {
	readonly #store: BlockStore;
	#undo: Undo[] = [];
	#bytes = 0;

	constructor(store: BlockStore) {
		this.#store = store;
	}

	/** Bytes written since the last flush. */
	get unflushed(): number {
		return this.#bytes;
	}

	/** Writes sectors. */
	write(sector: number, from: Uint8Array): void {
		const before = new Uint8Array(from.length);
		this.#store.read(sector, before);
		this.#store.write(sector, from);
		this.#undo.push({ sector, before });
		this.#bytes += before.length;
		while (this.#bytes > MAXIMUM_BYTES) this.#bytes -= this.#undo.shift()?.before.length ?? 0;
	}

	/** Everything written so far is safe. */
	flush(): void {
		this.#undo = [];
		this.#bytes = 0;
	}

	/** The power goes: takes back what the mode says, newest first. */
	cut(mode: CutMode, random: RandomStream): void {
		for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) {
			const sectors = undo.before.length / SECTOR_BYTES;
			if (mode === "lose") this.#store.write(undo.sector, undo.before);
			else if (mode === "tear") {
				const kept = [0, sectors, random.below(sectors + 1)][random.below(3)] ?? 0;
				if (kept < sectors) this.#store.write(undo.sector + kept, undo.before.subarray(kept * SECTOR_BYTES));
			}
		}
		this.#bytes = 0;
	}
}
