import { getUint64, setUint64 } from "@bodycam/protocol/card/card-bytes";
import type { CloseEntry, EntryBody } from "@bodycam/protocol/card/journal-entry";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import { createExtentList, type Extent, type ExtentList } from "./extent-list.ts";

const ROW = 64;

/** Offsets in a row; all u32 but `bytes`, which is u64. */
const Field = {
	number: 0,
	state: 4,
	bytes: 8,
	recordBytes: 16,
	closingBytes: 20,
	openSector: 24,
	metadataSector: 28,
	receiptSector: 32,
	chain: 36,
	firstLine: 40,
} as const;

/** State of a recording's row. */
export const RowState = { unfinished: 1, complete: 2, interrupted: 3, erased: 4 } as const;

/** One recording, as the catalog keeps it. */
export interface Row {
	/** Its number. */
	readonly number: number;
	/** A `RowState`. */
	readonly state: number;
	/** Bytes of the age file that can be read. */
	readonly bytes: number;
	/** Bytes of the custody record in the segments. */
	readonly recordBytes: number;
	/** Bytes of the custody record in the close entry. */
	readonly closingBytes: number;
	/** First journal sector of its open entry. */
	readonly openSector: number;
	/** First journal sector of the entry with its newest metadata. */
	readonly metadataSector: number;
	/** First journal sector of the entry that erased it. */
	readonly receiptSector: number;
	/** Checksum of its open entry. */
	readonly chain: number;
}

/**
 * The list of recordings, in media memory so that it costs the heap nothing: the journal read in. One row a recording,
 * numbers ascending; not all numbers are there when the camera has recorded on another card meanwhile.
 */
export interface Catalog extends Pick<ExtentList, "allot" | "freeSectors"> {
	/** Forgets all; recordings lie between these sectors from now on. */
	reset(dataStart: number, dataEnd: number, extentSectors: number): void;
	/** Takes in what a journal entry says. @param sector - where it stands @param crc - its checksum */
	apply(number: number, body: EntryBody, sector: number, crc: number): void;
	/** Takes the last recording back: it could not be opened on the card. */
	forgetLast(): void;
	/** Highest number any entry names, 0 without any. */
	last(): number;
	/** Recordings listed. */
	count(): number;
	/** Of them, those that are not erased. */
	present(): number;
	/** The recording at a place in the list, from 0. */
	at(index: number): Row | undefined;
	/** Place in the list of the first recording with this number or a higher one. */
	indexOf(number: number): number;
	/** A recording's row. */
	row(number: number): Row | undefined;
	/** What of an open recording is safe. */
	grow(number: number, bytes: number, recordBytes: number): void;
	/** A recording counts as interrupted although the card does not say so. */
	interrupt(number: number): void;
	/** The extents of a recording, in order. */
	extents(number: number): Extent[];
	/** Whether another recording or extent can be listed. */
	hasRoom(): boolean;
}

/** Creates an empty catalog in a region of media memory. */
export function createCatalog(memory: MediaMemory, region: MediaRegion): Catalog {
	const view = new DataView(memory.memory, region.at, region.bytes);
	const capacity = Math.floor(region.bytes / 2 / ROW);
	const extentsAt = capacity * ROW;
	const extents = createExtentList(memory, { at: region.at + extentsAt, bytes: region.bytes - extentsAt });
	let count = 0;
	let erased = 0;
	let highest = 0;
	let highestBefore = 0; // the recording opened last

	const word = (index: number, field: number) => view.getUint32(index * ROW + field, true);
	const put = (index: number, field: number, value: number) =>
		view.setUint32(index * ROW + field, value, true);

	function indexOf(number: number): number {
		let low = 0;
		let high = count;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (word(middle, Field.number) < number) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	/** Index of a recording's row, -1 without one. */
	function find(number: number): number {
		const index = indexOf(number);
		return index < count && word(index, Field.number) === number ? index : -1;
	}

	function rowAt(index: number): Row {
		return {
			number: word(index, Field.number),
			state: word(index, Field.state),
			bytes: getUint64(view, index * ROW + Field.bytes),
			recordBytes: word(index, Field.recordBytes),
			closingBytes: word(index, Field.closingBytes),
			openSector: word(index, Field.openSector),
			metadataSector: word(index, Field.metadataSector),
			receiptSector: word(index, Field.receiptSector),
			chain: word(index, Field.chain),
		};
	}

	function open(number: number, start: number, sectors: number, sector: number, crc: number): void {
		// Numbers count up: another one is of no journal that a camera has written.
		if (count >= capacity || number <= highest) return;
		const index = count;
		count++;
		memory.zero(region.at + index * ROW, ROW);
		put(index, Field.number, number);
		put(index, Field.state, RowState.unfinished);
		put(index, Field.openSector, sector);
		put(index, Field.metadataSector, sector);
		put(index, Field.chain, crc);
		put(index, Field.firstLine, extents.lines());
		highestBefore = highest;
		highest = number;
		extents.add(number, { start, sectors, segment: 0, offset: 0, recordOffset: 0 });
	}

	function close(index: number, body: CloseEntry, sector: number): void {
		if (word(index, Field.state) === RowState.erased) return;
		const again = word(index, Field.metadataSector) !== word(index, Field.openSector);
		put(index, Field.closingBytes, body.record.length);
		put(index, Field.metadataSector, sector);
		// Amended: only what it is closed with is another, its extents end where they did.
		if (again) return;
		put(index, Field.state, body.interrupted ? RowState.interrupted : RowState.complete);
		setUint64(view, index * ROW + Field.bytes, body.bytes);
		put(index, Field.recordBytes, body.recordBytes);
		const number = word(index, Field.number);
		extents.trim(number, word(index, Field.firstLine), body.segments, body.end);
	}

	return {
		reset(start, end, sectors) {
			count = erased = highest = highestBefore = 0;
			extents.reset(start, end, sectors);
		},
		apply(number, body, sector, crc) {
			if (body.kind === "worn") extents.avoid(body.start, body.sectors);
			if (number < 1 || body.kind === "worn") return;
			if (body.kind === "open") {
				open(number, body.start, body.sectors, sector, crc);
				return;
			}
			const index = find(number);
			if (index < 0) {
				// Its open entry is damaged: number and place stay taken.
				if (number > highest) highest = number;
				if (body.kind === "close") extents.protect(body.end);
				if (body.kind === "extent") extents.protect(body.start + body.sectors);
			} else if (body.kind === "extent") extents.add(number, body);
			else if (body.kind === "close") close(index, body, sector);
			else if (word(index, Field.state) !== RowState.erased) {
				erased++;
				put(index, Field.state, RowState.erased);
				put(index, Field.receiptSector, sector);
				extents.free(number, word(index, Field.firstLine));
			}
		},
		forgetLast() {
			if (count === 0) return;
			count--;
			extents.truncate(word(count, Field.firstLine));
			highest = highestBefore;
		},
		last: () => highest,
		count: () => count,
		present: () => count - erased,
		at: (index) => (index >= 0 && index < count ? rowAt(index) : undefined),
		indexOf,
		row(number) {
			const index = find(number);
			return index < 0 ? undefined : rowAt(index);
		},
		grow(number, bytes, recordBytes) {
			const index = find(number);
			if (index < 0) return;
			setUint64(view, index * ROW + Field.bytes, bytes);
			put(index, Field.recordBytes, recordBytes);
		},
		interrupt(number) {
			const index = find(number);
			if (index >= 0 && word(index, Field.state) === RowState.unfinished)
				put(index, Field.state, RowState.interrupted);
		},
		extents(number) {
			const index = find(number);
			return index < 0 ? [] : extents.of(number, word(index, Field.firstLine));
		},
		allot: extents.allot,
		freeSectors: extents.freeSectors,
		hasRoom: () => count < capacity && extents.hasRoom(),
	};
}
