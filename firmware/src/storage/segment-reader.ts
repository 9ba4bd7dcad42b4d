import type { CardBytes } from "@bodycam/protocol/card/card-bytes";
import { decodeSegmentHeader, SEGMENT_HEADER, type SegmentHeader } from "@bodycam/protocol/card/segment";
import { SECTOR } from "@bodycam/protocol/card/superblock";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { CardQueue } from "./card-queue.ts";
import { CardWindows } from "./card-windows.ts";
import { type Catalog, RowState } from "./catalog.ts";
import type { Extent } from "./extent-list.ts";
import { SegmentIndex, type SegmentMark } from "./segment-index.ts";
import { StoreError } from "./store-interface.ts";

/** What of a recording is read: the age file or the custody record. */
export type Part = "age" | "custody";

/** First byte of a part in a segment. */
function offsetOf(header: SegmentHeader, part: Part): number {
	return part === "age" ? header.offset : header.recordOffset;
}

/** Bytes of a part in a segment. */
function lengthOf(header: SegmentHeader, part: Part): number {
	return part === "age" ? header.length : header.record;
}

/**
 * Reads recordings by logical offset, one read after the other. Several readers may take turns, each going on where
 * it was: the segments they are in and stretches of the card are kept.
 */
export interface SegmentReader {
	/** See `ExtentStore.read` and `readRecord`; of the record, what is in the segments. */
	read(part: Part, number: number, offset: number, length: number, to: number): Promise<number>;
	/** Something was written, or it is another card of `sectors`: forgets what was kept. */
	reset(sectors: number): void;
}

/** Creates a reader with a region of media memory for what it keeps of the card. */
export function createSegmentReader(
	memory: MediaMemory,
	bytes: CardBytes,
	queue: CardQueue,
	catalog: Catalog,
	region: MediaRegion,
): SegmentReader {
	const windows = new CardWindows(queue, region);
	const index = new SegmentIndex();
	let generation = 0;
	let last: Promise<unknown> = Promise.resolve();

	function forget(): void {
		index.clear();
		windows.clear();
	}

	/** @param near - whether what follows the header is about to be read */
	async function load(number: number, segment: number, place: number, near: boolean): Promise<SegmentMark> {
		const { at } = await (near ? windows.ahead(place) : windows.alone(place));
		const header = decodeSegmentHeader(bytes, at);
		if (header === undefined || header.number !== number || header.index !== segment)
			throw new StoreError("damaged", `recording ${number} is damaged: segment ${segment} cannot be read`);
		return { header, place };
	}

	/** The segment that holds an offset, found from the nearest one before it that is known. */
	async function seek(part: Part, number: number, offset: number): Promise<SegmentMark> {
		const end = ({ header }: SegmentMark) => offsetOf(header, part) + lengthOf(header, part);
		const known = index.before(number, (header) => offsetOf(header, part) <= offset);
		if (known !== undefined && offset < end(known)) return known;
		const readAhead = windows.sectors * SECTOR;
		const extents = catalog.extents(number);
		let extent = extents[0];
		const begin = (other: Extent) => (part === "age" ? other.offset : other.recordOffset);
		for (const next of extents) if (begin(next) <= offset) extent = next;
		if (!extent) throw new StoreError("damaged", `recording ${number} has no place on the card`);
		let mark =
			known !== undefined && known.header.index >= extent.segment
				? known
				: await load(
						number,
						extent.segment,
						extent.start,
						part === "age" && offset - extent.offset < readAhead,
					);
		while (offset >= end(mark)) {
			const { header } = mark;
			const segment = header.index + 1;
			const start: Extent | undefined = extents.find((other) => other.segment === segment);
			const place = start ? start.start : mark.place + header.stride;
			mark = await load(number, segment, place, part === "age" && offset - end(mark) < readAhead);
		}
		return mark;
	}

	async function readNow(
		part: Part,
		number: number,
		offset: number,
		length: number,
		to: number,
	): Promise<number> {
		const row = catalog.row(number);
		if (!row) throw new StoreError("no-such-recording", `there is no recording ${number}`);
		// While it is still growing, what was read of it may be out of date.
		if (row.state === RowState.unfinished) forget();
		const wanted = Math.min(length, (part === "age" ? row.bytes : row.recordBytes) - offset);
		const begun = generation;
		let taken = 0;
		while (taken < wanted) {
			const mark = await seek(part, number, offset + taken);
			if (generation === begun) index.use(mark);
			const { header, place } = mark;
			const inside = offset + taken - offsetOf(header, part);
			const position = SEGMENT_HEADER + (part === "age" ? 0 : header.length) + inside;
			const { at, sectors } = await windows.ahead(place + Math.floor(position / SECTOR));
			const available = sectors * SECTOR - (position % SECTOR);
			const count = Math.min(wanted - taken, lengthOf(header, part) - inside, available);
			memory.copy(to + taken, at + (position % SECTOR), count);
			taken += count;
		}
		return Math.max(0, taken);
	}

	return {
		read(part, number, offset, length, to) {
			const run = last.then(() => readNow(part, number, offset, length, to));
			last = run.catch(forget);
			return run;
		},
		reset(sectors) {
			generation++;
			index.clear();
			windows.reset(sectors);
		},
	};
}
