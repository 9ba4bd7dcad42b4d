import { FlashUnit, SLOT_TRAILER } from "@bodycam/protocol/board/flash-layout";
import { decodeSlotMark, markWrites, SLOT_MARK_BYTES, slotMarkAt } from "@bodycam/protocol/image/slot-mark";
import { readTrailer } from "@bodycam/protocol/image/trailer";
import type { FlashMemory } from "./flash-memory.ts";

/** The turn of an image that was installed at the factory; every one that is flashed has a later one. */
const FACTORY_TURN = 1;

/** Installs an image as the factory does: in slot 0, confirmed; slot 1 and the security counter erased. */
export function installImage(flash: FlashMemory, image: Uint8Array): void {
	const mark = { turn: FACTORY_TURN, confirmsItself: false };
	flash.program(FlashUnit.primary, [{ at: 0, bytes: image }, ...markWrites(SLOT_TRAILER, "installed", mark)]);
	flash.program(FlashUnit.secondary, []);
	flash.program(FlashUnit.counter, []);
}

/** The image slots. */
const SLOTS = [FlashUnit.primary, FlashUnit.secondary] as const;

/**
 * Puts an image into the flash as a programming adapter does. It is marked for a test, and the confirmed image that ran
 * last stays in the other slot, so that the camera goes back to it if the new one dies before it is confirmed; where
 * there is none, it is confirmed. The security counter stays, and the image counts as flashed, not as installed at the
 * factory, so that a restart keeps it.
 * @param startedSlot - the slot that was started last
 */
export function programImage(flash: FlashMemory, image: Uint8Array, startedSlot?: number): void {
	const kept = wayBack(flash, startedSlot);
	const slot = kept === 0 ? FlashUnit.secondary : FlashUnit.primary;
	const turn = 1 + Math.max(FACTORY_TURN, ...SLOTS.map((unit) => turnOf(flash, unit)));
	const kind = kept === undefined ? "installed" : "test";
	const mark = { turn, confirmsItself: false };
	flash.program(slot, [{ at: 0, bytes: image }, ...markWrites(SLOT_TRAILER, kind, mark)]);
	if (kept === undefined) flash.program(FlashUnit.secondary, []);
}

/** The slot with the confirmed image that ran last; undefined when none is confirmed. */
function wayBack(flash: FlashMemory, startedSlot: number | undefined): 0 | 1 | undefined {
	const confirmed = ([0, 1] as const).filter((slot) => {
		const { magic, imageOk } = readTrailer(flash.area(SLOTS[slot]), SLOT_TRAILER);
		return magic === "good" && imageOk === "set";
	});
	const [first, second] = confirmed;
	if (first === undefined || second === undefined) return first;
	return startedSlot === 0 || startedSlot === 1
		? startedSlot
		: turnOf(flash, SLOTS[second]) > turnOf(flash, SLOTS[first])
			? second
			: first;
}

/** Whether slot 0 begins with an image. */
export function holdsImage(flash: FlashMemory, image: Uint8Array): boolean {
	return Buffer.compare(flash.area(FlashUnit.primary).subarray(0, image.length), image) === 0;
}

/** Whether nobody has flashed anything since an image was installed, if one was. */
export function isAsInstalled(flash: FlashMemory): boolean {
	return (
		turnOf(flash, FlashUnit.primary) === FACTORY_TURN &&
		readTrailer(flash.area(FlashUnit.secondary), SLOT_TRAILER).magic === "unset"
	);
}

/** When the image of a slot was marked; the factory's turn where nothing says so. */
function turnOf(flash: FlashMemory, unit: number): number {
	const markAt = slotMarkAt(SLOT_TRAILER);
	return decodeSlotMark(flash.area(unit).subarray(markAt, markAt + SLOT_MARK_BYTES))?.turn ?? FACTORY_TURN;
}
