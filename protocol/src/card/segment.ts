import { type CardBytes, getUint64 } from "./card-bytes.ts";
import { SECTOR } from "./superblock.ts";

/** "BSEG", little-endian: begins a segment. */
export const SEGMENT_MAGIC = 0x4745_5342;

/** "GESB", little-endian: the last word of a segment. */
export const SEGMENT_END_MAGIC = 0x4253_4547;

/** Bytes of a segment's header. */
export const SEGMENT_HEADER = 88;

/** Bytes of its trailer: CRC-32 of payload and record, `SEGMENT_END_MAGIC`; the last 8 bytes of its last sector. */
export const SEGMENT_TRAILER = 8;

/** Offsets in the header; all fields u32 but `offset`, which is u64. `crc` covers what is before it. */
export const SegmentField = {
	magic: 0,
	number: 4,
	index: 8,
	length: 12,
	offset: 16,
	chain: 24,
	record: 28,
	recordOffset: 32,
	notes: 36,
	crc: 84,
} as const;

/** Words of notes in a header: the writer's running totals, for closing a recording that was cut off. */
export const SEGMENT_NOTES = 12;

/** A decoded segment header. */
export interface SegmentHeader {
	/** Number of the recording. */
	readonly number: number;
	/** Index of the segment, from 0. */
	readonly index: number;
	/** Bytes of the payload: a part of the age file. */
	readonly length: number;
	/** Logical offset of the payload. */
	readonly offset: number;
	/** Bytes of the custody record behind the payload. */
	readonly record: number;
	/** Their offset in the record. */
	readonly recordOffset: number;
	/** The checksum in the trailer before; that of the open entry for the first. Ties a segment to its predecessor. */
	readonly chain: number;
	/** Sectors that are written. */
	readonly sectors: number;
	/** Sectors from its start to that of its successor. */
	readonly stride: number;
}

/** Segments begin at multiples of this many sectors: a page of flash, so that no page is written to twice. */
export const SEGMENT_ALIGNMENT = 32;

/** Sectors that are written of a segment with that many bytes of payload and record. */
export function segmentSectors(length: number): number {
	return Math.ceil((SEGMENT_HEADER + length + SEGMENT_TRAILER) / SECTOR);
}

/** Sectors from the start of a segment to that of its successor. */
export function segmentStride(length: number): number {
	return Math.ceil(segmentSectors(length) / SEGMENT_ALIGNMENT) * SEGMENT_ALIGNMENT;
}

/** Reads the header at `at`; undefined when there is none or it is damaged. */
export function decodeSegmentHeader(bytes: CardBytes, at: number): SegmentHeader | undefined {
	const { view } = bytes;
	if (view.getUint32(at, true) !== SEGMENT_MAGIC) return undefined;
	if (view.getUint32(at + SegmentField.crc, true) !== bytes.crc32(at, SegmentField.crc)) return undefined;
	const length = view.getUint32(at + SegmentField.length, true);
	const record = view.getUint32(at + SegmentField.record, true);
	return {
		number: view.getUint32(at + SegmentField.number, true),
		index: view.getUint32(at + SegmentField.index, true),
		length,
		offset: getUint64(view, at + SegmentField.offset),
		record,
		recordOffset: view.getUint32(at + SegmentField.recordOffset, true),
		chain: view.getUint32(at + SegmentField.chain, true),
		sectors: segmentSectors(length + record),
		stride: segmentStride(length + record),
	};
}

/** The notes of the header at `at`. */
export function segmentNotes(bytes: CardBytes, at: number): Uint32Array {
	const notes = new Uint32Array(SEGMENT_NOTES);
	for (let i = 0; i < SEGMENT_NOTES; i++)
		notes[i] = bytes.view.getUint32(at + SegmentField.notes + i * 4, true);
	return notes;
}

/** What ties a segment to its predecessor. */
export type SegmentPlace = Pick<SegmentHeader, "number" | "index" | "offset" | "recordOffset" | "chain">;

/**
 * Whether a segment is the one expected there.
 * @param header - what was found
 * @param expected - what it must say
 * @param limit - sectors that are left in the extent from its start
 */
export function follows(
	header: SegmentHeader | undefined,
	expected: SegmentPlace,
	limit: number,
): header is SegmentHeader {
	return (
		header !== undefined &&
		header.number === expected.number &&
		header.index === expected.index &&
		header.offset === expected.offset &&
		header.recordOffset === expected.recordOffset &&
		header.chain === expected.chain &&
		header.sectors <= limit
	);
}
