import { type CardBytes, getUint64 } from "./card-bytes.ts";
import { SECTOR } from "./superblock.ts";

/** "BSEG", little-endian: begins a segment. */
export const SEGMENT_MAGIC = 0x4745_5342;

/** "GESB", little-endian: the last word of a segment. */
export const SEGMENT_END_MAGIC = 0x4253_4547;

/** Bytes of a segment's header. */
export const SEGMENT_HEADER = 80;

/** Bytes of its trailer: CRC-32 of the payload, `SEGMENT_END_MAGIC`; the last 8 bytes of its last sector. */
export const SEGMENT_TRAILER = 8;

/** Offsets in the header; all fields u32 but `offset`, which is u64. `crc` covers what is before it. */
export const SegmentField = {
	magic: 0,
	number: 4,
	index: 8,
	length: 12,
	offset: 16,
	chain: 24,
	notes: 28,
	crc: 76,
} as const;

/** Words of notes in a header: the writer's running totals, for closing a recording that was cut off. */
export const SEGMENT_NOTES = 12;

/** A decoded segment header. */
export interface SegmentHeader {
	/** Number of the recording. */
	readonly number: number;
	/** Index of the segment, from 0. */
	readonly index: number;
	/** Bytes of the payload. */
	readonly length: number;
	/** Logical offset of the payload. */
	readonly offset: number;
	/** CRC-32 of the payload before; of the open entry for the first. Ties a segment to its own predecessor. */
	readonly chain: number;
	/** Sectors the segment takes. */
	readonly sectors: number;
}

/** Sectors a segment of that payload takes. */
export function segmentSectors(length: number): number {
	return Math.ceil((SEGMENT_HEADER + length + SEGMENT_TRAILER) / SECTOR);
}

/** Reads the header at `at`; undefined when there is none or it is damaged. */
export function decodeSegmentHeader(bytes: CardBytes, at: number): SegmentHeader | undefined {
	const { view } = bytes;
	if (view.getUint32(at, true) !== SEGMENT_MAGIC) return undefined;
	if (view.getUint32(at + SegmentField.crc, true) !== bytes.crc32(at, SegmentField.crc)) return undefined;
	const length = view.getUint32(at + SegmentField.length, true);
	return {
		number: view.getUint32(at + SegmentField.number, true),
		index: view.getUint32(at + SegmentField.index, true),
		length,
		offset: getUint64(view, at + SegmentField.offset),
		chain: view.getUint32(at + SegmentField.chain, true),
		sectors: segmentSectors(length),
	};
}

/** The notes of the header at `at`. */
export function segmentNotes(bytes: CardBytes, at: number): Uint32Array {
	const notes = new Uint32Array(SEGMENT_NOTES);
	for (let i = 0; i < SEGMENT_NOTES; i++)
		notes[i] = bytes.view.getUint32(at + SegmentField.notes + i * 4, true);
	return notes;
}

/**
 * Whether a segment is the one expected there.
 * @param header - what was found
 * @param limit - sectors that are left in the data area from its start
 */
export function follows(
	header: SegmentHeader | undefined,
	number: number,
	index: number,
	offset: number,
	chain: number,
	limit: number,
): header is SegmentHeader {
	return (
		header !== undefined &&
		header.number === number &&
		header.index === index &&
		header.offset === offset &&
		header.chain === chain &&
		header.sectors <= limit
	);
}
