import type { MediaMemory, MediaRegion } from "../../hal/media-memory.ts";
import { fourCharacters } from "./boxes.ts";
import { VIDEO_TRACK } from "./init-segment.ts";

const MFRA = fourCharacters("mfra");
const TFRA = fourCharacters("tfra");
const MFRO = fourCharacters("mfro");
const HEAD = 8 + 24;
const ENTRY = 28;
const TAIL = 16;
const VERSION_1 = 0x100_0000;
/** Fields for traf, trun and sample number of four bytes each. */
const WIDE_NUMBERS = 0x3f;

/**
 * The mfra box at the end of a file: where keyframes are (ISO/IEC 14496-12, 8.8.9 to 8.8.11). It is kept ready in
 * media memory; when its region is full, every second entry goes. Allocates nothing.
 */
export interface SeekTable {
	/** Forgets all. */
	reset(): void;
	/** Adds a keyframe: its media time and the offset of its moof box in the file. */
	add(time: number, moof: number): void;
	/** Whether there are entries. */
	any(): boolean;
	/** Completes the box; it lies at the start of the region. @returns its bytes */
	finish(): number;
}

/** Creates an empty table in a region. */
export function createSeekTable(memory: MediaMemory, region: MediaRegion): SeekTable {
	const capacity = Math.floor((region.bytes - HEAD - TAIL) / ENTRY);
	const first = region.at + HEAD;
	let count = 0;
	let stride = 1;
	let skip = 0;

	return {
		reset() {
			count = 0;
			stride = 1;
			skip = 0;
		},
		add(time, moof) {
			if (skip > 0) {
				skip--;
				return;
			}
			if (count === capacity) {
				count = Math.ceil(capacity / 2);
				for (let i = 1; i < count; i++) memory.copy(first + i * ENTRY, first + 2 * i * ENTRY, ENTRY);
				stride *= 2;
			}
			const timeHigh = Math.floor(time / 0x1_0000_0000);
			const moofHigh = Math.floor(moof / 0x1_0000_0000);
			const timeLow = time - timeHigh * 0x1_0000_0000;
			const moofLow = moof - moofHigh * 0x1_0000_0000;
			memory.store32be(first + count * ENTRY, timeHigh, timeLow, moofHigh, moofLow, 1, 1, 1);
			count++;
			skip = stride - 1;
		},
		any: () => count > 0,
		finish() {
			const table = 24 + count * ENTRY;
			const size = 8 + table + TAIL;
			memory.store32be(region.at, size, MFRA, table, TFRA, VERSION_1, VIDEO_TRACK, WIDE_NUMBERS, count);
			memory.store32be(first + count * ENTRY, TAIL, MFRO, 0, size);
			return size;
		},
	};
}
