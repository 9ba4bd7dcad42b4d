import { getUint64, setUint64 } from "@bodycam/protocol/card/card-bytes";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";

const LINE = 28;
const ORDER = 2;

/** In place of a number: a place that is not to be used. */
const NOBODY = 0;

/** Recordings begin at multiples of this many sectors: at the start of what is written at once. */
const ALIGNMENT = 256;

/** A part of a recording's place on the card. */
export interface Extent {
	/** First sector. */
	readonly start: number;
	/** Sectors. */
	readonly sectors: number;
	/** Index of the first segment in it. */
	readonly segment: number;
	/** Offset of that segment in the age file. */
	readonly offset: number;
	/** Its offset in the custody record. */
	readonly recordOffset: number;
}

/**
 * The extents of all recordings, in media memory: a line each, in the order in which they were allotted, and the lines'
 * order on the card, from which free places follow. Lines of one recording stand together: one is written at a time.
 */
export interface ExtentList {
	/** Forgets all; recordings lie between these sectors from now on. */
	reset(dataStart: number, dataEnd: number, extentSectors: number): void;
	/** Lines so far. */
	lines(): number;
	/** Whether another can be listed. */
	hasRoom(): boolean;
	/** Adds a line. One that begins inside of the recording's last extent ends that there. */
	add(number: number, extent: Extent): void;
	/** Takes the lines from `first` on away. */
	truncate(first: number): void;
	/** The extents of a recording whose lines begin at `first`. */
	of(number: number, first: number): Extent[];
	/** A recording has ended at sector `end` after `segments` segments: what lies behind is free. */
	trim(number: number, first: number, segments: number, end: number): void;
	/** A recording was erased. */
	free(number: number, first: number): void;
	/** Keeps sectors from being used, as far as they are free: they cannot be written. */
	avoid(start: number, sectors: number): void;
	/** Keeps what lies between the extent before `end` and `end` from being used. */
	protect(end: number): void;
	/**
	 * Where the next extent begins and how long it may be; `sectors` 0 when there is no room for `least`.
	 * @param from - first sector its recording has not used yet, `end` - end of the recording's last extent: when the
	 * sectors behind that are free, the new extent begins at `from` and nothing is wasted. -1 for a new recording
	 */
	allot(least: number, from: number, end: number): { readonly start: number; readonly sectors: number };
	/** Sectors that belong to no recording. */
	freeSectors(): number;
}

/** Creates an empty list in a region of media memory. */
export function createExtentList(memory: MediaMemory, region: MediaRegion): ExtentList {
	const view = new DataView(memory.memory, region.at, region.bytes);
	const capacity = Math.min(0xffff, Math.floor(region.bytes / (LINE + ORDER)));
	const orderAt = capacity * LINE;
	let count = 0;
	let placed = 0; // lines that have sectors: those in `order`
	let taken = 0;
	let dataStart = 0;
	let dataEnd = 0;
	let extentSectors = 1;
	let cursor = 0; // behind what was allotted last

	const numberOf = (line: number) => view.getUint32(line * LINE, true);
	const startOf = (line: number) => view.getUint32(line * LINE + 4, true);
	const sectorsOf = (line: number) => view.getUint32(line * LINE + 8, true);
	const segmentOf = (line: number) => view.getUint32(line * LINE + 12, true);
	const endOf = (line: number) => startOf(line) + sectorsOf(line);
	const lineAt = (rank: number) => view.getUint16(orderAt + rank * ORDER, true);

	/** Whether a line stands among those of a recording. */
	const isOf = (line: number, number: number) => numberOf(line) === number || numberOf(line) === NOBODY;

	/** Rank of the first line that begins at or behind a sector. */
	function rankOf(sector: number): number {
		let low = 0;
		let high = placed;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (startOf(lineAt(middle)) < sector) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	function insert(line: number): void {
		const rank = rankOf(startOf(line));
		const at = region.at + orderAt + rank * ORDER;
		memory.copy(at + ORDER, at, (placed - rank) * ORDER);
		view.setUint16(orderAt + rank * ORDER, line, true);
		placed++;
		taken += sectorsOf(line);
	}

	function shorten(line: number, sectors: number): void {
		const before = sectorsOf(line);
		if (sectors >= before) return;
		if (sectors <= 0) {
			let rank = rankOf(startOf(line));
			while (lineAt(rank) !== line) rank++;
			const at = region.at + orderAt + rank * ORDER;
			placed--;
			memory.copy(at, at + ORDER, (placed - rank) * ORDER);
		}
		view.setUint32(line * LINE + 8, Math.max(0, sectors), true);
		taken -= before - Math.max(0, sectors);
	}

	function lastLine(number: number): number {
		let line = count - 1;
		while (line >= 0 && numberOf(line) === NOBODY) line--;
		return line >= 0 && numberOf(line) === number ? line : -1;
	}

	/** End of the free sectors that begin at one. */
	function gapEnd(sector: number): number {
		const rank = rankOf(sector);
		return rank < placed ? Math.min(dataEnd, startOf(lineAt(rank))) : dataEnd;
	}

	/** First free place of `least` sectors that begins between two sectors; -1 without one. */
	function search(least: number, first: number, last: number): number {
		let start = aligned(first);
		for (let rank = Math.max(0, rankOf(start) - 1); start <= last; rank++) {
			const line = rank < placed ? lineAt(rank) : -1;
			const end = line < 0 ? dataEnd : Math.min(dataEnd, startOf(line));
			if (end - start >= least) return start;
			if (line < 0) return -1;
			start = Math.max(start, aligned(endOf(line)));
		}
		return -1;
	}

	function add(number: number, extent: Extent): void {
		const { start, sectors } = extent;
		// A place outside of the data area would be read and written there.
		if (count >= capacity || start < dataStart || sectors < 1 || start + sectors > dataEnd) return;
		const last = lastLine(number);
		if (last >= 0 && start >= startOf(last) && start < endOf(last)) shorten(last, start - startOf(last));
		const at = count * LINE;
		view.setUint32(at, number, true);
		view.setUint32(at + 4, start, true);
		view.setUint32(at + 8, sectors, true);
		view.setUint32(at + 12, extent.segment, true);
		view.setUint32(at + 16, extent.recordOffset, true);
		setUint64(view, at + 20, extent.offset);
		insert(count);
		count++;
		cursor = start + sectors;
	}

	return {
		reset(start, end, sectors) {
			count = placed = taken = 0;
			dataStart = cursor = start;
			dataEnd = end;
			extentSectors = sectors;
		},
		lines: () => count,
		hasRoom: () => count < capacity,
		add,
		truncate(first) {
			if (first < count) cursor = startOf(first);
			for (let line = first; line < count; line++) shorten(line, 0);
			count = Math.min(count, first);
		},
		of(number, first) {
			const found: Extent[] = [];
			for (let line = first; line < count && isOf(line, number); line++) {
				if (numberOf(line) === NOBODY) continue;
				const at = line * LINE;
				found.push({
					start: startOf(line),
					sectors: sectorsOf(line),
					segment: segmentOf(line),
					offset: getUint64(view, at + 20),
					recordOffset: view.getUint32(at + 16, true),
				});
			}
			return found;
		},
		trim(number, first, segments, end) {
			let used = first;
			for (let line = first + 1; line < count && isOf(line, number); line++) {
				if (numberOf(line) === NOBODY) continue;
				if (segmentOf(line) < segments) used = line;
				else shorten(line, 0);
			}
			if (used >= count || numberOf(used) !== number) return;
			if (end >= startOf(used)) shorten(used, end - startOf(used));
			if (lastLine(number) >= 0) cursor = endOf(used);
		},
		free(number, first) {
			for (let line = first; line < count && isOf(line, number); line++)
				if (numberOf(line) !== NOBODY) shorten(line, 0);
		},
		avoid(start, sectors) {
			const before = cursor;
			const free = Math.min(sectors, gapEnd(start) - start);
			add(NOBODY, { start, sectors: free, segment: 0, offset: 0, recordOffset: 0 });
			cursor = before;
		},
		protect(end) {
			const rank = rankOf(end) - 1;
			const start = rank >= 0 ? endOf(lineAt(rank)) : dataStart;
			add(NOBODY, { start, sectors: end - start, segment: 0, offset: 0, recordOffset: 0 });
		},
		allot(least, from, end) {
			const most = Math.max(extentSectors, least);
			if (from >= 0) {
				const sectors = Math.min(most, gapEnd(end) - from);
				if (sectors >= least) return { start: from, sectors };
			}
			let start = search(least, cursor, dataEnd);
			if (start < 0) start = search(least, dataStart, cursor);
			if (start < 0) return { start: 0, sectors: 0 };
			return { start, sectors: Math.min(most, gapEnd(start) - start) };
		},
		freeSectors: () => dataEnd - dataStart - taken,
	};
}

function aligned(sector: number): number {
	return Math.ceil(sector / ALIGNMENT) * ALIGNMENT;
}
