import { viewOf } from "./header.ts";
import { SwapType, swapInfo, type TrailerLayout, trailerFlag, trailerMagic } from "./trailer.ts";

/**
 * What is written into a slot's trailer when its image is marked, in a write unit of its own in front of MCUboot's
 * fields (where an image that is swapped keeps its size; ours run where they lie):
 *
 * | at | field |
 * |---|---|
 * | 0 | u32 turn |
 * | 4 | u32 policy |
 * | 8 | u32 the complement of turn |
 * | 12 | u32 the complement of policy |
 *
 * A unit whose halves do not agree was not written to its end, and says nothing.
 */
export interface SlotMark {
	/**
	 * Counts up with each marking: of two images that may run, the one with the higher turn does. MCUboot takes the
	 * higher version there, so that no older version could be put back; the security counter is for that.
	 */
	readonly turn: number;
	/** Whether the application confirms itself once its self-test has passed, and gives up if it does not. */
	readonly confirmsItself: boolean;
}

/** Bytes of a mark. */
export const SLOT_MARK_BYTES = 16;

const CONFIRMS_ITSELF = 1;

/** Offset of the mark in a slot. */
export function slotMarkAt({ swapInfoAt, align }: TrailerLayout): number {
	return swapInfoAt - Math.max(align, SLOT_MARK_BYTES);
}

/** Writes a mark. */
export function encodeSlotMark({ turn, confirmsItself }: SlotMark): Uint8Array {
	const bytes = new Uint8Array(SLOT_MARK_BYTES);
	const view = viewOf(bytes);
	const policy = confirmsItself ? CONFIRMS_ITSELF : 0;
	view.setUint32(0, turn, true);
	view.setUint32(4, policy, true);
	view.setUint32(8, ~turn, true);
	view.setUint32(12, ~policy, true);
	return bytes;
}

/** Reads a mark; undefined when none was written to its end. */
export function decodeSlotMark(bytes: Uint8Array): SlotMark | undefined {
	if (bytes.length < SLOT_MARK_BYTES) return undefined;
	const view = viewOf(bytes);
	const turn = view.getUint32(0, true);
	const policy = view.getUint32(4, true);
	if (view.getUint32(8, true) !== ~turn >>> 0 || view.getUint32(12, true) !== ~policy >>> 0) return undefined;
	return { turn, confirmsItself: (policy & CONFIRMS_ITSELF) !== 0 };
}

/** One write into the trailer of a slot. */
export interface TrailerWrite {
	/** Offset in the slot. */
	readonly at: number;
	readonly bytes: Uint8Array;
}

/**
 * What marks the image of a slot, in the order in which it has to be written into its erased trailer: the magic comes
 * last, and without it nothing of the rest counts.
 * @param kind - `test`: until it is confirmed, the next boot but one goes back; `permanent`: confirmed from the
 * beginning; `installed`: as one that has run and is confirmed
 */
export function markWrites(
	layout: TrailerLayout,
	kind: "test" | "permanent" | "installed",
	mark: SlotMark,
): TrailerWrite[] {
	const type = kind === "test" ? SwapType.test : SwapType.permanent;
	const flag = trailerFlag(layout);
	return [
		{ at: slotMarkAt(layout), bytes: encodeSlotMark(mark) },
		{ at: layout.swapInfoAt, bytes: swapInfo(layout, type) },
		...(kind === "installed" ? [{ at: layout.copyDoneAt, bytes: flag }] : []),
		...(kind === "test" ? [] : [{ at: layout.imageOkAt, bytes: flag }]),
		{ at: layout.magicAt, bytes: trailerMagic(layout.align) },
	];
}
