/**
 * The trailer at the end of a slot (MCUboot `docs/design.md`, "Image trailer"): each field takes write units of its own,
 * so that each can be written once after an erase without touching the others. From the end of the slot:
 *
 * | field | at alignment 8 | at alignment 16 |
 * |---|---|---|
 * | magic, 16 bytes | −16 | −16 |
 * | image ok | −24 | −32 |
 * | copy done | −32 | −48 |
 * | swap info: type in the low, number of the image in the high 4 bits | −40 | −64 |
 */
export interface TrailerLayout {
	/** Bytes of the slot. */
	readonly slotBytes: number;
	/** MCUboot's BOOT_MAX_ALIGN: 8, or what the flash writes at once if that is more. */
	readonly align: number;
	/** Offsets from the beginning of the slot. */
	readonly magicAt: number;
	readonly imageOkAt: number;
	readonly copyDoneAt: number;
	readonly swapInfoAt: number;
}

/** What is to be done with the image of a slot. */
export const SwapType = { none: 1, test: 2, permanent: 3, revert: 4 } as const;

/** State of a flag. An interrupted write leaves `bad`, which is neither. */
export type FlagState = "set" | "unset" | "bad";

/** State of the magic. */
export type MagicState = "good" | "unset" | "bad";

/** A trailer as it was read. */
export interface Trailer {
	readonly magic: MagicState;
	readonly imageOk: FlagState;
	readonly copyDone: FlagState;
	/** One of `SwapType`; undefined when nothing, or no such type, was written. */
	readonly swapType: number | undefined;
}

/** Bytes of the magic. */
export const TRAILER_MAGIC_BYTES = 16;

const ERASED = 0xff;
const FLAG_SET = 0x01;

/** `boot_img_magic` for an alignment of 8 bytes. */
const MAGIC_8 = [
	0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2, 0xef, 0x7f, 0x35, 0x52, 0x50, 0x0f, 0x2c, 0xb6, 0x79, 0x80,
];
/** For any other: what follows the alignment, a u16. */
const MAGIC_ALIGNED = [0x2d, 0xe1, 0x5d, 0x29, 0x41, 0x0b, 0x8d, 0x77, 0x67, 0x9c, 0x11, 0x0f, 0x1f, 0x8a];

/**
 * Where the fields of a trailer lie.
 * @param slotBytes - size of the slot, a multiple of the alignment
 * @param writeAlign - bytes the flash writes at once: a power of two up to 32
 * @throws {RangeError} for sizes a trailer cannot be laid out for
 */
export function trailerLayout(slotBytes: number, writeAlign: number): TrailerLayout {
	if (![1, 2, 4, 8, 16, 32].includes(writeAlign))
		throw new RangeError(`a trailer is laid out for writes of 1 to 32 bytes, not ${writeAlign}`);
	const align = Math.max(8, writeAlign);
	if (!Number.isInteger(slotBytes / align) || slotBytes < 8 * align)
		throw new RangeError(
			`a slot of ${slotBytes} bytes has no room for a trailer of writes of ${align} bytes`,
		);
	// As MCUboot: the first flag goes to the last whole unit before the magic.
	const imageOkAt = Math.floor((slotBytes - TRAILER_MAGIC_BYTES - align) / align) * align;
	return {
		slotBytes,
		align,
		magicAt: slotBytes - TRAILER_MAGIC_BYTES,
		imageOkAt,
		copyDoneAt: imageOkAt - align,
		swapInfoAt: imageOkAt - 2 * align,
	};
}

/** The magic for an alignment. */
export function trailerMagic(align: number): Uint8Array {
	return Uint8Array.from(align === 8 ? MAGIC_8 : [align & 0xff, align >> 8, ...MAGIC_ALIGNED]);
}

/** A flag that is set, in a write unit of its own. */
export function trailerFlag({ align }: TrailerLayout): Uint8Array {
	return unit(align, FLAG_SET);
}

/** Swap info in a write unit of its own. @param image - number of the image, 0 to 15 */
export function swapInfo({ align }: TrailerLayout, type: number, image = 0): Uint8Array {
	return unit(align, (image << 4) | type);
}

/** Reads the trailer of a slot. */
export function readTrailer(slot: Uint8Array, layout: TrailerLayout): Trailer {
	return {
		magic: magicState(slot.subarray(layout.magicAt, layout.slotBytes), layout.align),
		imageOk: flagState(slot[layout.imageOkAt]),
		copyDone: flagState(slot[layout.copyDoneAt]),
		swapType: swapTypeOf(slot[layout.swapInfoAt] ?? ERASED),
	};
}

function magicState(bytes: Uint8Array, align: number): MagicState {
	const good = trailerMagic(align);
	if (bytes.every((byte, index) => byte === good[index])) return "good";
	return bytes.every((byte) => byte === ERASED) ? "unset" : "bad";
}

function flagState(byte: number | undefined): FlagState {
	return byte === FLAG_SET ? "set" : byte === ERASED ? "unset" : "bad";
}

function swapTypeOf(byte: number): number | undefined {
	const type = byte & 0x0f;
	return type >= SwapType.none && type <= SwapType.revert ? type : undefined;
}

function unit(align: number, first: number): Uint8Array {
	const bytes = new Uint8Array(align).fill(ERASED);
	bytes[0] = first;
	return bytes;
}
