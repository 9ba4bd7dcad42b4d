import type { MediaMemory } from "../hal/media-memory.ts";
import { type FrameIndex, KEYFRAME, SIZE_BITS } from "./frame-index.ts";

/** A drain without an end yet: it takes all that comes. */
const OPEN_END = 0x7fff_ffff;

/**
 * Entries of one kind (pictures or sound) in the order they came: `[tail, end)` wait for the drain, then come dropped
 * ones, then `[first, head)`, which are live. While the drain is open, it takes everything and nothing is live.
 * Whatever is dropped is overwritten with zeros at once.
 */
export interface MediaQueue {
	/** Descriptors. */
	readonly index: FrameIndex;
	/** Appends a descriptor of bytes that are in place. @returns whether the entry is live */
	append(at: number, size: number, time: number, offset: number): boolean;
	/** Whether no descriptor is free. */
	full(): boolean;
	/** Offset of the oldest entry's bytes, or -1. */
	oldest(): number;

	/** Drops the first live entry. */
	evict(): void;
	/** Drops the first live entry, and those after it up to the next keyframe. */
	evictGroup(): void;
	/** Drops live entries after the first one that are presented before it, up to the next keyframe; they leave holes. */
	evictLeading(): void;
	/** First live entry. */
	first(): number;
	/** End of all entries. */
	head(): number;
	/** Time of the first live entry, or Infinity. */
	firstTime(): number;

	/** Everything live, and all that comes, is to be drained. Only when nothing waits for the drain. */
	startDrain(): void;
	/**
	 * Ends the drain before the first entry later than `time`; entries from there on are dropped.
	 * @param atLeast - entries before this one stay in any case: they are being written
	 */
	cut(time: number, atLeast: number): void;
	/** Whether the drain has an end (or there is none). */
	isCut(): boolean;
	/** First entry to drain. */
	tail(): number;
	/** End of the entries to drain, as far as they have come. */
	end(): number;
	/** Drops the first entry to drain. */
	drop(): void;
	/** Forgets all; the owner overwrites the bytes. */
	reset(): void;
}

/** Creates an empty queue over an index. */
export function createMediaQueue(memory: MediaMemory, index: FrameIndex): MediaQueue {
	const { at: ats, size: sizes, time: times, offset: offsets, mask, slots } = index;
	const { zero } = memory;
	let tail = 0;
	let end = 0;
	let first = 0;
	let head = 0;

	function wipe(entry: number): void {
		const slot = entry & mask;
		zero(ats[slot] as number, (sizes[slot] as number) & SIZE_BITS);
	}
	/** With nothing left to drain, the drain stands where the live entries begin. */
	function settle(): void {
		if (tail === end) tail = end = first;
	}

	return {
		index,
		append(at, size, time, offset) {
			const slot = head & mask;
			ats[slot] = at;
			sizes[slot] = size;
			times[slot] = time;
			offsets[slot] = offset;
			head++;
			return end !== OPEN_END;
		},
		full: () => head - tail >= slots,
		oldest() {
			if (tail < end && tail < head) return ats[tail & mask] as number;
			return first < head ? (ats[first & mask] as number) : -1;
		},
		evict() {
			wipe(first);
			first++;
			settle();
		},
		evictGroup() {
			let entry = first;
			let size = sizes[entry & mask] as number;
			do {
				zero(ats[entry & mask] as number, size & SIZE_BITS);
				entry++;
				size = entry < head ? (sizes[entry & mask] as number) : KEYFRAME;
			} while (size < KEYFRAME);
			first = entry;
			settle();
		},
		evictLeading() {
			const key = times[first & mask] as number;
			for (let i = first + 1; i < head; i++) {
				const slot = i & mask;
				if ((sizes[slot] as number) >= KEYFRAME || (times[slot] as number) >= key) return;
				wipe(i);
				sizes[slot] = 0;
			}
		},
		first: () => first,
		head: () => head,
		firstTime: () => (first < head ? (times[first & mask] as number) : Infinity),
		startDrain() {
			tail = first;
			end = OPEN_END;
		},
		cut(time, atLeast) {
			if (end !== OPEN_END) return;
			let last = Math.max(tail, atLeast);
			while (last < head && (times[last & mask] as number) <= time) last++;
			for (let i = last; i < head; i++) wipe(i);
			end = last;
			first = head;
			settle();
		},
		isCut: () => end !== OPEN_END,
		tail: () => tail,
		end() {
			if (end < head) return end;
			return head;
		},
		drop() {
			wipe(tail);
			tail++;
			if (end === OPEN_END) first = tail;
			else settle();
		},
		reset() {
			tail = end = first = head = 0;
		},
	};
}
