import { cardBytes, crc32 } from "./card-bytes.ts";
import { type CardDamage, CardError, type CardSource } from "./card-source.ts";
import type { CloseEntry } from "./journal-entry.ts";
import {
	decodeSegmentHeader,
	follows,
	SEGMENT_END_MAGIC,
	SEGMENT_HEADER,
	SEGMENT_TRAILER,
	type SegmentHeader,
} from "./segment.ts";
import { SECTOR } from "./superblock.ts";

/** Sectors read at once. */
const CHUNK = 512;

interface Extent {
	readonly start: number;
	readonly sectors: number;
	/** Index of the first segment in it. */
	readonly segment: number;
}

/** What the journal tells of a recording. */
export interface Found {
	readonly number: number;
	readonly chain: number;
	readonly extents: Extent[];
	metadata: Uint8Array;
	closed: Pick<CloseEntry, "bytes" | "recordBytes" | "interrupted" | "sha256" | "record"> | undefined;
	receipt: Uint8Array | undefined;
}

/** Where a segment is expected, and what ties it to its predecessor. */
export interface Place {
	/** The extent. */
	readonly extent: Extent | undefined;
	/** Sector. */
	readonly start: number;
	/** Index of the segment. */
	readonly index: number;
	/** Logical offset of its payload. */
	readonly offset: number;
	/** Offset of its part of the custody record. */
	readonly recordOffset: number;
	/** What its header must say of the payload before. */
	readonly chain: number;
}

/** A segment that was found. */
export interface Segment {
	/** Its header. */
	readonly header: SegmentHeader;
	/** Its first sector. */
	readonly start: number;
	/** Where its successor is expected. */
	readonly next: Place;
}

/** CRC-32 of a segment's payload, as its trailer says; undefined when there is no trailer. */
async function trailerOf(
	source: CardSource,
	{ header, start }: Pick<Segment, "header" | "start">,
): Promise<number | undefined> {
	const bytes = await source.read(start + header.sectors - 1, 1);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (view.getUint32(SECTOR - 4, true) !== SEGMENT_END_MAGIC) return undefined;
	return view.getUint32(SECTOR - SEGMENT_TRAILER, true);
}

/** Where the first segment of a recording is expected. */
export function beginning({ extents: [extent], chain }: Found): Place {
	return { extent, start: extent?.start ?? 0, index: 0, offset: 0, recordOffset: 0, chain };
}

/**
 * The segments of a recording, each continuing the one before; payloads are not looked at.
 * @param from - where the first of them is expected
 * @throws {CardError} when the card cannot be read
 */
export async function* segments(
	source: CardSource,
	item: Found,
	from = beginning(item),
): AsyncGenerator<Segment> {
	let { extent, start, index, offset, recordOffset, chain } = from;
	const { number } = item;
	while (extent !== undefined) {
		const begun = item.extents.find(({ segment }) => segment === index);
		if (begun) {
			extent = begun;
			start = begun.start;
		}
		const limit = Math.min(extent.start + extent.sectors, source.sectors) - start;
		if (limit <= 0) return;
		const header = decodeSegmentHeader(cardBytes(await source.read(start, 1)), 0);
		if (!follows(header, { number, index, offset, recordOffset, chain }, limit)) return;
		const crc = await trailerOf(source, { header, start });
		if (crc === undefined) return;
		const at = start;
		index++;
		chain = crc;
		offset += header.length;
		recordOffset += header.record;
		start += header.stride;
		yield { header, start: at, next: { extent, start, index, offset, recordOffset, chain } };
	}
}

/** The segments before the first that is not whole. Only the last can be torn: its successors refer to the others. */
export async function* wholeSegments(source: CardSource, item: Found): AsyncGenerator<Segment> {
	let last: Segment | undefined;
	try {
		for await (const segment of segments(source, item)) {
			if (last) yield last;
			last = segment;
		}
	} catch (error) {
		if (!(error instanceof CardError)) throw error;
	}
	if (last && (await isWhole(source, last, item.number))) yield last;
}

async function isWhole(source: CardSource, segment: Segment, number: number): Promise<boolean> {
	try {
		for await (const { bytes } of content(source, segment, number))
			if (bytes.length > segment.header.length + segment.header.record) return false;
		return true;
	} catch (error) {
		if (error instanceof CardError) return false;
		throw error;
	}
}

/** Bytes of one of the two files of a recording: the age file or the custody record. */
export interface RecordingPiece {
	/** Which. */
	readonly part: "age" | "custody";
	/** The bytes that come next in it. */
	readonly bytes: Uint8Array;
}

/**
 * What a segment holds, a part of the age file and behind it one of the custody record; the checksum is over both.
 * @throws {CardError} when it cannot be read, or at its end when the checksum is wrong
 */
export async function* content(
	source: CardSource,
	segment: Segment,
	number: number,
): AsyncGenerator<RecordingPiece> {
	const { header, start } = segment;
	let rest = header.length + header.record;
	let crc = 0;
	for (let sector = 0; rest > 0; sector += CHUNK) {
		const bytes = await source.read(start + sector, Math.min(CHUNK, header.sectors - sector));
		const from = sector === 0 ? SEGMENT_HEADER : 0;
		const chunk = bytes.subarray(from, Math.min(bytes.length, from + rest));
		crc = crc32(chunk, crc);
		const age = Math.min(chunk.length, Math.max(0, rest - header.record));
		rest -= chunk.length;
		if (age > 0) yield { part: "age", bytes: chunk.subarray(0, age) };
		if (age < chunk.length) yield { part: "custody", bytes: chunk.subarray(age) };
	}
	if (crc !== (await trailerOf(source, segment)))
		throw new CardError("damaged", `recording ${number} is damaged at byte ${header.offset}`);
}

/**
 * Counts what is whole of a recording behind a damaged segment.
 * @param damaged - where the damaged segment is
 * @param bytes - length of the recording: nothing beyond belongs to it
 */
export async function countBehind(
	source: CardSource,
	item: Found,
	damaged: Place,
	bytes: number,
): Promise<Pick<CardDamage, "segmentsBehind" | "bytesBehind">> {
	let segmentsBehind = 0;
	let bytesBehind = 0;
	let next: Place | undefined = damaged;
	while (next !== undefined) {
		try {
			for await (const segment of segments(source, item, next)) {
				next = segment.next;
				if (next.offset > bytes) break;
				if (!(await isWhole(source, segment, item.number))) continue;
				segmentsBehind++;
				bytesBehind += segment.header.length;
			}
		} catch (error) {
			if (!(error instanceof CardError)) throw error;
		}
		next = next.offset < bytes ? await resume(source, item, next, bytes) : undefined;
	}
	return { segmentsBehind, bytesBehind };
}

/** The next segment of a recording whose header can be read, behind one whose header or trailer cannot. */
async function resume(
	source: CardSource,
	item: Found,
	damaged: Place,
	bytes: number,
): Promise<Place | undefined> {
	for (const extent of item.extents) {
		if (damaged.extent && extent.segment < damaged.extent.segment) continue;
		const first = extent === damaged.extent ? Math.max(extent.start, damaged.start + 1) : extent.start;
		const end = Math.min(extent.start + extent.sectors, source.sectors);
		for (let sector = first; sector < end; sector++) {
			const header = await headerAt(source, sector);
			if (header === undefined || header.number !== item.number) continue;
			const { index, offset, recordOffset, chain, length } = header;
			if (index <= damaged.index || offset <= damaged.offset || offset + length > bytes) continue;
			return { extent, start: sector, index, offset, recordOffset, chain };
		}
	}
	return undefined;
}

async function headerAt(source: CardSource, sector: number): Promise<SegmentHeader | undefined> {
	try {
		return decodeSegmentHeader(cardBytes(await source.read(sector, 1)), 0);
	} catch (error) {
		if (error instanceof CardError) return undefined;
		throw error;
	}
}
