/**
 * The flash of a camera: NOR flash that is erased by the sector and written once per erase, in areas that are units of
 * the `Flash` records. The boot stage is in none of them: it comes with the board.
 *
 * | unit | area | bytes | what |
 * |---|---|---|---|
 * | 0 | counter | 8 KiB | the security counter: two sectors that take turns |
 * | 1 | primary | 2 MiB | image slot 0, its last sector the trailer |
 * | 2 | secondary | 2 MiB | image slot 1, likewise |
 * | 3 | log | 128 KiB | the log that is kept across resets: a ring of sectors |
 *
 * Settings are not among them: they are in the key-value store, which has a memory of its own.
 */
import { type TrailerLayout, trailerLayout } from "../image/trailer.ts";

/** Bytes that are erased together. */
export const FLASH_SECTOR_BYTES = 4096;

/** Bytes that are erased at once in much less time than their sectors one by one, where they are aligned to it. */
export const FLASH_BLOCK_BYTES = 65_536;

/** Writes are whole, aligned units of so many bytes, each written once after an erase. */
export const FLASH_WRITE_BYTES = 16;

/** An area of the flash. */
export interface FlashAreaLayout {
	/** Its name, as in the files of a simulated camera. */
	readonly name: string;
	/** Its size, whole sectors. */
	readonly bytes: number;
}

/** Bytes of an image slot. */
export const SLOT_BYTES = 2 * 1024 * 1024;

/** Units of the `Flash` records. */
export const FlashUnit = { counter: 0, primary: 1, secondary: 2, log: 3 } as const;

/** The areas, by unit. */
export const FLASH_AREAS: readonly FlashAreaLayout[] = [
	{ name: "counter", bytes: 2 * FLASH_SECTOR_BYTES },
	{ name: "primary", bytes: SLOT_BYTES },
	{ name: "secondary", bytes: SLOT_BYTES },
	{ name: "log", bytes: 128 * 1024 },
];

/** The unit of image slot 0 and of image slot 1. */
export const SLOT_UNITS: readonly [number, number] = [FlashUnit.primary, FlashUnit.secondary];

/** Where the trailer's sector begins; an image and what follows it must end before. */
export const TRAILER_SECTOR_AT = SLOT_BYTES - FLASH_SECTOR_BYTES;

/** Most bytes of a whole image. */
export const IMAGE_ROOM_BYTES = TRAILER_SECTOR_AT;

/** The fields of a slot's trailer. */
export const SLOT_TRAILER: TrailerLayout = trailerLayout(SLOT_BYTES, FLASH_WRITE_BYTES);
