import type { CardBytes } from "@bodycam/protocol/card/card-bytes";
import {
	decodeSegmentHeader,
	follows,
	SEGMENT_END_MAGIC,
	SEGMENT_HEADER,
	SEGMENT_NOTES,
	SEGMENT_TRAILER,
	segmentNotes,
} from "@bodycam/protocol/card/segment";
import { SECTOR } from "@bodycam/protocol/card/superblock";
import { type MediaMemory, type MediaRegion, SHA256_CONTEXT_BYTES } from "../hal/media-memory.ts";
import type { CardQueue } from "./card-queue.ts";
import type { Catalog } from "./catalog.ts";
import { StoreError } from "./store-interface.ts";

/** What a recording that was cut off still has. */
export interface Remains {
	/** Logical bytes up to the last whole segment. */
	readonly bytes: number;
	/** Whole segments. */
	readonly segments: number;
	/** First sector after them. */
	readonly end: number;
	/** Bytes of the custody record in them. */
	readonly recordBytes: number;
	/** Of them, bytes in the last segment. */
	readonly lastRecordBytes: number;
	/** Bytes of the segment that is not whole, as its header says; 0 without one. */
	readonly cutBytes: number;
	/** Bytes of the custody record in it. */
	readonly cutRecordBytes: number;
	/** Whether it ends there because the card cannot be read, and may go on. */
	readonly unreadable: boolean;
	/** SHA-256 of the bytes. */
	readonly sha256: Uint8Array;
	/** Notes of the last segment; all 0 without one. */
	readonly notes: Uint32Array;
}

/** What surveying needs. */
export interface SurveyContext {
	/** The card. */
	readonly queue: CardQueue;
	/** Media memory. */
	readonly memory: MediaMemory;
	/** The same, for the layout's functions. */
	readonly bytes: CardBytes;
	/** The list of recordings. */
	readonly catalog: Catalog;
	/** Two digest contexts and at least 32 KiB to read into; 8-aligned. */
	readonly work: MediaRegion;
}

/**
 * Walks the segments of an unfinished recording from its start, in one pass, and stops before the first that is not
 * whole: it cannot be read, its header or its payload fails the checksum, or it does not continue its predecessor.
 * @throws {StoreError} when the card is taken out
 */
export async function survey(context: SurveyContext, number: number): Promise<Remains> {
	const { queue, memory, bytes, catalog, work } = context;
	const digest = work.at;
	const backup = digest + SHA256_CONTEXT_BYTES;
	const buffer = backup + SHA256_CONTEXT_BYTES;
	const chunk = Math.floor((work.at + work.bytes - buffer) / SECTOR);
	const extents = catalog.extents(number);
	let chain = catalog.row(number)?.chain ?? 0;
	let extent = extents[0];
	let place = extent?.start ?? 0;
	let notes: Uint32Array = new Uint32Array(SEGMENT_NOTES);
	let offset = 0;
	let recordOffset = 0;
	let lastRecordBytes = 0;
	let cutBytes = 0;
	let cutRecordBytes = 0;
	let index = 0;
	let unreadable = false;
	let end = place;
	memory.sha256Begin(digest);
	while (extent) {
		const next = extents.find(({ segment }) => segment === index);
		if (next) {
			extent = next;
			place = next.start;
		}
		const left = extent.start + extent.sectors - place;
		if (left <= 0) break;
		let count = Math.min(chunk, left);
		if (!(await canRead(queue, place, count, buffer))) {
			// What lies behind the segment may be at fault: its header alone.
			count = 1;
			if (!(await canRead(queue, place, count, buffer))) {
				unreadable = true;
				break;
			}
		}
		const header = decodeSegmentHeader(bytes, buffer);
		if (!follows(header, { number, index, offset, recordOffset, chain }, left)) break;
		const noted = segmentNotes(bytes, buffer);
		memory.copy(backup, digest, SHA256_CONTEXT_BYTES);
		let crc = 0;
		let rest = header.length + header.record;
		let toDigest = header.length;
		let from = SEGMENT_HEADER;
		let sector = 0;
		for (;;) {
			const part = Math.min(rest, count * SECTOR - from);
			crc = memory.crc32(buffer + from, part, crc);
			memory.sha256Update(digest, buffer + from, Math.min(part, toDigest));
			toDigest -= Math.min(part, toDigest);
			rest -= part;
			if (sector + count >= header.sectors) break;
			sector += count;
			from = 0;
			count = Math.min(chunk, header.sectors - sector);
			if (!(await canRead(queue, place + sector, count, buffer))) {
				unreadable = true;
				break;
			}
		}
		const trailer = buffer + (header.sectors - sector) * SECTOR - SEGMENT_TRAILER;
		if (unreadable || memory.load32(trailer) !== crc || memory.load32(trailer + 4) !== SEGMENT_END_MAGIC) {
			memory.copy(digest, backup, SHA256_CONTEXT_BYTES);
			cutBytes = header.length;
			cutRecordBytes = header.record;
			break;
		}
		chain = crc;
		notes = noted;
		offset += header.length;
		recordOffset += header.record;
		lastRecordBytes = header.record;
		index++;
		place += header.stride;
		end = place;
	}
	memory.sha256End(digest, backup);
	const sha256 = new Uint8Array(memory.memory, backup, 32).slice();
	return {
		bytes: offset,
		segments: index,
		end,
		recordBytes: recordOffset,
		lastRecordBytes,
		cutBytes,
		cutRecordBytes,
		unreadable,
		sha256,
		notes,
	};
}

/** Reads sectors. @returns false when the card cannot @throws {StoreError} when it is taken out */
async function canRead(queue: CardQueue, sector: number, count: number, at: number): Promise<boolean> {
	try {
		await queue.read(sector, count, at);
		return true;
	} catch (error) {
		if (error instanceof StoreError && error.code === "read-error") return false;
		throw error;
	}
}
