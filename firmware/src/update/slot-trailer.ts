import { FLASH_SECTOR_BYTES, SLOT_TRAILER, TRAILER_SECTOR_AT } from "@bodycam/protocol/board/flash-layout";
import {
	decodeSlotMark,
	markWrites,
	SLOT_MARK_BYTES,
	type SlotMark,
	slotMarkAt,
} from "@bodycam/protocol/image/slot-mark";
import { readTrailer, type Trailer, trailerFlag } from "@bodycam/protocol/image/trailer";
import type { FlashAccess } from "./flash-access.ts";

/** A slot's trailer as it was read. */
export interface SlotState extends Trailer {
	/** What it was marked with; undefined when that says nothing. */
	readonly mark: SlotMark | undefined;
}

/** The trailer of an image slot. */
export class SlotTrailer {
	private readonly slot: FlashAccess;

	constructor(slot: FlashAccess) {
		this.slot = slot;
	}

	/** Reads it. */
	async read(): Promise<SlotState> {
		const markAt = slotMarkAt(SLOT_TRAILER);
		const bytes = await this.slot.read(markAt, SLOT_TRAILER.slotBytes - markAt);
		const fromHere = {
			...SLOT_TRAILER,
			slotBytes: bytes.length,
			magicAt: SLOT_TRAILER.magicAt - markAt,
			imageOkAt: SLOT_TRAILER.imageOkAt - markAt,
			copyDoneAt: SLOT_TRAILER.copyDoneAt - markAt,
			swapInfoAt: SLOT_TRAILER.swapInfoAt - markAt,
		};
		return { ...readTrailer(bytes, fromHere), mark: decodeSlotMark(bytes.subarray(0, SLOT_MARK_BYTES)) };
	}

	/** Makes the image run no more: without a trailer no boot stage looks at it. */
	clear(): Promise<void> {
		return this.slot.erase(TRAILER_SECTOR_AT, FLASH_SECTOR_BYTES);
	}

	/** Marks the image anew. Until the last write is done, it is marked for nothing. */
	async mark(kind: "test" | "permanent" | "installed", mark: SlotMark): Promise<void> {
		await this.clear();
		for (const { at, bytes } of markWrites(SLOT_TRAILER, kind, mark)) await this.slot.write(at, bytes);
	}

	/** Notes that the image is run for the first time. */
	setCopyDone(): Promise<void> {
		return this.slot.write(SLOT_TRAILER.copyDoneAt, trailerFlag(SLOT_TRAILER));
	}

	/** Confirms the image. */
	setImageOk(): Promise<void> {
		return this.slot.write(SLOT_TRAILER.imageOkAt, trailerFlag(SLOT_TRAILER));
	}
}
