import { getUint64, setUint64 } from "@bodycam/protocol/card/card-bytes";
import type { EntryBody } from "@bodycam/protocol/card/journal-entry";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";

const ROW = 64;
const EXTENT = 24;

/** State of a recording's row. `missing`: the journal entry that opened it is damaged. */
export const RowState = { missing: 0, unfinished: 1, complete: 2, interrupted: 3 } as const;

/** One recording, as the catalog keeps it. */
export interface Row {
	/** A `RowState`. */
	readonly state: number;
	/** Logical bytes that can be read. */
	readonly bytes: number;
	/** First journal sector of its open entry. */
	readonly openSector: number;
	/** First journal sector of the entry with its newest metadata. */
	readonly metadataSector: number;
	/** Checksum of its open entry. */
	readonly chain: number;
}

/** A part of a recording's place on the card. */
export interface Extent {
	/** First sector. */
	readonly start: number;
	/** Sectors. */
	readonly sectors: number;
	/** Index of the first segment in it. */
	readonly segment: number;
	/** Logical offset of that segment. */
	readonly offset: number;
}

/**
 * The list of recordings and their extents, in media memory so that it costs the heap nothing: the journal read in.
 * One row a number; one line an extent, in the order in which they were allotted.
 */
export interface Catalog {
	/** Most recordings it can list. */
	readonly capacity: number;
	/** Forgets all; recordings lie between these sectors from now on. */
	reset(dataStart: number, dataEnd: number, extentSectors: number): void;
	/** Takes in what a journal entry says. @param sector - where it stands @param crc - its checksum */
	apply(number: number, body: EntryBody, sector: number, crc: number): void;
	/** Takes the last recording back: it could not be opened on the card. */
	forgetLast(): void;
	/** Highest number there is, 0 without any. */
	last(): number;
	/** A recording's row. */
	row(number: number): Row | undefined;
	/** Bytes of an open recording that are safe. */
	grow(number: number, bytes: number): void;
	/** The extents of a recording, in order. */
	extents(number: number): Extent[];
	/**
	 * Where the next extent begins and how long it may be; `sectors` 0 when there is no room for `least`.
	 * @param from - first sector its recording has not used yet, `end` - end of the recording's last extent: when
	 * nothing was allotted after that, the new extent begins at `from` and nothing is wasted. -1 for a new recording
	 */
	allot(least: number, from: number, end: number): { readonly start: number; readonly sectors: number };
	/** Sectors after the last extent. */
	freeSectors(): number;
	/** Whether another recording or extent can be listed. */
	hasRoom(): boolean;
}

/** Creates an empty catalog in a region of media memory. */
export function createCatalog(memory: MediaMemory, region: MediaRegion): Catalog {
	const view = new DataView(memory.memory, region.at, region.bytes);
	const rows = Math.floor(region.bytes / 2 / ROW);
	const extentsAt = rows * ROW;
	const extentLines = Math.floor((region.bytes - extentsAt) / EXTENT);
	let lastNumber = 0;
	let lines = 0;
	let nextFree = 0;
	let dataStart = 0;
	let dataEnd = 0;
	let extentSectors = 1;

	const word = (at: number) => view.getUint32(at, true);
	const rowAt = (number: number) => (number - 1) * ROW;
	const known = (number: number) =>
		number >= 1 && number <= lastNumber && word(rowAt(number)) !== RowState.missing;

	function addExtent(number: number, start: number, sectors: number, segment: number, offset: number): void {
		// A place outside of the data area would be read and written there.
		if (lines >= extentLines || start < dataStart || sectors < 1 || start + sectors > dataEnd) return;
		const at = extentsAt + lines * EXTENT;
		lines++;
		view.setUint32(at, number, true);
		view.setUint32(at + 4, start, true);
		view.setUint32(at + 8, sectors, true);
		view.setUint32(at + 12, segment, true);
		setUint64(view, at + 16, offset);
		if (start + sectors > nextFree) nextFree = start + sectors;
	}

	/** First line of a recording. Lines of one recording stand together: one is written at a time. */
	function firstLine(number: number): number {
		const row = rowAt(number);
		return known(number) ? word(row + 20) : lines;
	}

	return {
		capacity: rows,
		reset(start, end, sectors) {
			memory.zero(region.at, region.bytes);
			lastNumber = 0;
			lines = 0;
			dataStart = start;
			dataEnd = end;
			nextFree = dataStart;
			extentSectors = sectors;
		},
		apply(number, body, sector, crc) {
			if (number < 1 || number > rows) return;
			const at = rowAt(number);
			if (body.kind === "open") {
				if (number > lastNumber) lastNumber = number;
				view.setUint32(at, RowState.unfinished, true);
				setUint64(view, at + 4, 0);
				view.setUint32(at + 12, sector, true);
				view.setUint32(at + 16, sector, true);
				view.setUint32(at + 20, lines, true);
				view.setUint32(at + 24, crc, true);
				addExtent(number, body.start, body.sectors, 0, 0);
			} else if (!known(number)) {
				// Its open entry is damaged: number and place stay taken.
				if (number > lastNumber) lastNumber = number;
				const end = body.kind === "close" ? body.end : body.start + body.sectors;
				if (end > nextFree && end <= dataEnd) nextFree = end;
			} else if (body.kind === "extent") {
				addExtent(number, body.start, body.sectors, body.segment, body.offset);
			} else {
				view.setUint32(at, body.interrupted ? RowState.interrupted : RowState.complete, true);
				setUint64(view, at + 4, body.bytes);
				view.setUint32(at + 16, sector, true);
				// What the last extent of all has left over is free again.
				const line = extentsAt + (lines - 1) * EXTENT;
				const end = word(line + 4) + word(line + 8);
				if (word(line) === number && end === nextFree && body.end >= word(line + 4) && body.end < end)
					nextFree = body.end;
			}
		},
		forgetLast() {
			if (lastNumber === 0) return;
			const first = firstLine(lastNumber);
			if (first < lines) nextFree = word(extentsAt + first * EXTENT + 4);
			lines = first;
			memory.zero(region.at + rowAt(lastNumber), ROW);
			lastNumber--;
		},
		last: () => lastNumber,
		row(number) {
			if (!known(number)) return undefined;
			const at = rowAt(number);
			return {
				state: word(at),
				bytes: getUint64(view, at + 4),
				openSector: word(at + 12),
				metadataSector: word(at + 16),
				chain: word(at + 24),
			};
		},
		grow(number, bytes) {
			if (known(number)) setUint64(view, rowAt(number) + 4, bytes);
		},
		extents(number) {
			const found: Extent[] = [];
			for (let line = firstLine(number); line < lines; line++) {
				const at = extentsAt + line * EXTENT;
				if (word(at) !== number) break;
				found.push({
					start: word(at + 4),
					sectors: word(at + 8),
					segment: word(at + 12),
					offset: getUint64(view, at + 16),
				});
			}
			return found;
		},
		allot(least, from, end) {
			const start = end === nextFree ? from : nextFree;
			const sectors = Math.min(Math.max(extentSectors, least), dataEnd - start);
			return { start, sectors: sectors >= least ? sectors : 0 };
		},
		freeSectors: () => Math.max(0, dataEnd - nextFree),
		hasRoom: () => lastNumber < rows && lines < extentLines,
	};
}
