import type { CardBytes } from "@bodycam/protocol/card/card-bytes";
import { decodeSegmentHeader, SEGMENT_HEADER, type SegmentHeader } from "@bodycam/protocol/card/segment";
import { SECTOR } from "@bodycam/protocol/card/superblock";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { CardQueue } from "./card-queue.ts";
import { type Catalog, type Extent, RowState } from "./catalog.ts";
import { StoreError } from "./store-interface.ts";

/** Reads recordings by logical offset: one after the other, with a window of the card kept for the next read. */
export interface SegmentReader {
	/** See `ExtentStore.read`. */
	read(number: number, offset: number, length: number, to: number): Promise<number>;
	/** Something was written, or it is another card of `sectors`: forgets the window. */
	reset(sectors: number): void;
}

/** Creates a reader with a window of media memory. */
export function createSegmentReader(
	memory: MediaMemory,
	bytes: CardBytes,
	queue: CardQueue,
	catalog: Catalog,
	window: MediaRegion,
): SegmentReader {
	const windowSectors = Math.floor(window.bytes / SECTOR);
	let cardSectors = 0;
	let first = 0;
	let count = 0;
	let extents: Extent[] = [];
	let current: SegmentHeader | undefined;
	let place = 0;
	let last: Promise<unknown> = Promise.resolve();

	/** Offset in media memory of a sector, read in if need be. */
	async function sectorAt(sector: number): Promise<number> {
		if (sector < first || sector >= first + count) {
			count = 0;
			const sectors = Math.min(windowSectors, cardSectors - sector);
			if (sectors <= 0) throw new StoreError("damaged", `sector ${sector} lies outside of the card`);
			await queue.read(sector, sectors, window.at);
			first = sector;
			count = sectors;
		}
		return window.at + (sector - first) * SECTOR;
	}

	async function load(number: number, index: number, sector: number): Promise<SegmentHeader> {
		const header = decodeSegmentHeader(bytes, await sectorAt(sector));
		if (header === undefined || header.number !== number || header.index !== index)
			throw new StoreError("damaged", `recording ${number} is damaged: segment ${index} cannot be read`);
		place = sector;
		current = header;
		return header;
	}

	/** The segment that holds an offset, found from the last one or from the extent it lies in. */
	async function seek(number: number, offset: number): Promise<SegmentHeader> {
		let header = current;
		if (header === undefined || header.number !== number || offset < header.offset) {
			extents = catalog.extents(number);
			let extent = extents[0];
			for (const next of extents) if (next.offset <= offset) extent = next;
			if (!extent) throw new StoreError("damaged", `recording ${number} has no place on the card`);
			header = await load(number, extent.segment, extent.start);
		}
		while (offset >= header.offset + header.length) {
			const index: number = header.index + 1;
			const extent = extents.find(({ segment }) => segment === index);
			header = await load(number, index, extent ? extent.start : place + header.sectors);
		}
		return header;
	}

	async function readNow(number: number, offset: number, length: number, to: number): Promise<number> {
		const row = catalog.row(number);
		if (!row) throw new StoreError("no-such-recording", `there is no recording ${number}`);
		if (row.state === RowState.unfinished) {
			// It is still growing: what was read of it may be out of date.
			count = 0;
			current = undefined;
		}
		const wanted = Math.min(length, row.bytes - offset);
		let taken = 0;
		while (taken < wanted) {
			const header = await seek(number, offset + taken);
			const inside = offset + taken - header.offset;
			const position = SEGMENT_HEADER + inside;
			const sector = place + Math.floor(position / SECTOR);
			const at = await sectorAt(sector);
			const available = (first + count - sector) * SECTOR - (position % SECTOR);
			const part = Math.min(wanted - taken, header.length - inside, available);
			memory.copy(to + taken, at + (position % SECTOR), part);
			taken += part;
		}
		return Math.max(0, taken);
	}

	return {
		read(number, offset, length, to) {
			const run = last.then(() => readNow(number, offset, length, to));
			last = run.catch(() => {
				current = undefined;
			});
			return run;
		},
		reset(sectors) {
			cardSectors = sectors;
			count = 0;
			current = undefined;
		},
	};
}
