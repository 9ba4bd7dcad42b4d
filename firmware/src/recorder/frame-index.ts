import type { MediaRegion } from "../hal/media-memory.ts";

/** Bytes of one slot over all four arrays. */
export const SLOT_BYTES = 20;

/** Bit in `size` that marks a keyframe. */
export const KEYFRAME = 0x4000_0000;

/** The bits of `size` that are the length in bytes; 0 is an entry that was dropped. */
export const SIZE_BITS = 0x3fff_ffff;

/**
 * Descriptors of frames or sound packets, in media memory: one array a field, slot `i & mask` for entry `i`.
 * Entries count up and are never renumbered. No object is made per entry.
 */
export interface FrameIndex {
	/** Slots; a power of two. */
	readonly slots: number;
	/** `slots - 1`. */
	readonly mask: number;
	/** Offset in media memory. */
	readonly at: Uint32Array;
	/** Bytes, and `KEYFRAME`. */
	readonly size: Uint32Array;
	/** Presentation or capture time, µs on the board's clock. */
	readonly time: Float64Array;
	/** Presentation time minus decode time, µs. */
	readonly offset: Int32Array;
}

/**
 * Lays an index over a region of media memory.
 * @throws {RangeError} when the region is not 8-aligned or holds less than two slots
 */
export function createFrameIndex(memory: ArrayBuffer, region: MediaRegion): FrameIndex {
	const slots = 2 ** Math.floor(Math.log2(region.bytes / SLOT_BYTES));
	if (region.at % 8 !== 0 || !(slots >= 2))
		throw new RangeError("frame index: region unaligned or too small");
	const sizes = region.at + slots * 8;
	return {
		slots,
		mask: slots - 1,
		time: new Float64Array(memory, region.at, slots),
		at: new Uint32Array(memory, sizes, slots),
		size: new Uint32Array(memory, sizes + slots * 4, slots),
		offset: new Int32Array(memory, sizes + slots * 8, slots),
	};
}
