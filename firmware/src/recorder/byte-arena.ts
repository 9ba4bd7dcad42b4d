import type { MediaRegion } from "../hal/media-memory.ts";

/** The bytes of a ring: entries are contiguous, never split, and given back in the order they were reserved. */
export interface ByteArena {
	/** Offset in media memory for `length` more bytes, or -1 when there is no room. */
	reserve(length: number): number;
	/** Names the oldest entry still needed by its offset: everything before it is room again. -1: none is needed. */
	retain(oldest: number): void;
	/** How far back an entry lies from the newest byte; the larger, the older. */
	age(at: number): number;
}

/**
 * Creates an empty arena over a region.
 * @throws {RangeError} when the region is too small
 */
export function createByteArena(region: MediaRegion): ByteArena {
	const base = region.at;
	const bytes = region.bytes;
	if (bytes < 4096) throw new RangeError(`arena of ${bytes} bytes is too small`);
	let writeAt = 0;
	let readAt = -1; // -1: empty; never equal to writeAt otherwise

	return {
		reserve(length) {
			if (readAt < 0) {
				if (length > bytes) return -1;
				readAt = 0;
				writeAt = length;
				return base;
			}
			if (writeAt > readAt) {
				if (writeAt + length <= bytes) {
					const at = base + writeAt;
					writeAt += length;
					return at;
				}
				if (length >= readAt) return -1;
				writeAt = length;
				return base;
			}
			if (writeAt + length >= readAt) return -1;
			const at = base + writeAt;
			writeAt += length;
			return at;
		},
		retain(oldest) {
			readAt = oldest < 0 ? -1 : oldest - base;
			if (oldest < 0) writeAt = 0;
		},
		age(at) {
			const distance = writeAt - (at - base);
			return distance > 0 ? distance : distance + bytes;
		},
	};
}
