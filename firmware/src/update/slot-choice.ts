import type { SlotState } from "./slot-trailer.ts";

/** Number of an image slot. */
export type SlotNumber = 0 | 1;

/** A slot whose image may be run. */
export interface Candidate {
	readonly slot: SlotNumber;
	/** `none`: confirmed; `test` and `permanent`: for the first time, unconfirmed or confirmed. */
	readonly swap: "none" | "test" | "permanent";
	/** Whether it confirms itself after its self-test. */
	readonly confirmsItself: boolean;
}

/** What the trailers of the slots say. */
export interface Choice {
	/** Slots whose images may be run, the first choice first. */
	readonly candidates: readonly Candidate[];
	/** Slots whose images were tested and did not confirm themselves. */
	readonly notConfirmed: readonly SlotNumber[];
}

/**
 * Chooses by MCUboot's rules for images that run where they lie and are reverted (direct XIP with revert): marked for
 * the first time, before confirmed ones, and one that ran without being confirmed never again. Of two alike the one
 * that was marked later. A flag whose write was interrupted counts as what leads back: `copy done` as set, `image ok`
 * as not set.
 */
export function chooseSlot(states: readonly [SlotState, SlotState]): Choice {
	const found: (Candidate & { readonly turn: number })[] = [];
	const notConfirmed: SlotNumber[] = [];
	for (const slot of [0, 1] as const) {
		const { magic, copyDone, imageOk, mark } = states[slot];
		if (magic !== "good") continue;
		const confirmed = imageOk === "set";
		const fresh = copyDone === "unset";
		const { turn = 0, confirmsItself = false } = mark ?? {};
		if (fresh) found.push({ slot, swap: confirmed ? "permanent" : "test", confirmsItself, turn });
		else if (confirmed) found.push({ slot, swap: "none", confirmsItself: false, turn });
		else notConfirmed.push(slot);
	}
	const rank = ({ swap }: Candidate) => (swap === "none" ? 1 : 0);
	found.sort((a, b) => rank(a) - rank(b) || b.turn - a.turn);
	return {
		candidates: found.map(({ slot, swap, confirmsItself }) => ({ slot, swap, confirmsItself })),
		notConfirmed,
	};
}
