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

/**
 * Puts an image into slot 0 as a programming adapter does, confirmed: slot 1 is erased, but the security counter stays,
 * and the image counts as flashed, not as installed at the factory, so that a restart keeps it.
 */
export function programImage(flash: FlashMemory, image: Uint8Array): void {
	const mark = { turn: FACTORY_TURN + 1, confirmsItself: false };
	flash.program(FlashUnit.primary, [{ at: 0, bytes: image }, ...markWrites(SLOT_TRAILER, "installed", mark)]);
	flash.program(FlashUnit.secondary, []);
}

/** Whether slot 0 begins with an image. */
export function holdsImage(flash: FlashMemory, image: Uint8Array): boolean {
	return Buffer.compare(flash.area(FlashUnit.primary).subarray(0, image.length), image) === 0;
}

/** Whether nobody has flashed anything since an image was installed, if one was. */
export function isAsInstalled(flash: FlashMemory): boolean {
	const primary = flash.area(FlashUnit.primary);
	const markAt = slotMarkAt(SLOT_TRAILER);
	const turn = decodeSlotMark(primary.subarray(markAt, markAt + SLOT_MARK_BYTES))?.turn ?? FACTORY_TURN;
	return (
		turn === FACTORY_TURN && readTrailer(flash.area(FlashUnit.secondary), SLOT_TRAILER).magic === "unset"
	);
}
