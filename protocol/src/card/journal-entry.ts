import { type CardBytes, getUint64, setUint64 } from "./card-bytes.ts";
import { SECTOR } from "./superblock.ts";

/** "BCJE", little-endian. */
const MAGIC = 0x454a_4342;
const CRC_AT = 24;
const PAYLOAD_AT = 32;
const OPEN_FIXED = 8;
const EXTENT_FIXED = 24;
const CLOSE_FIXED = 64;
const ERASE_FIXED = 4;
const WORN_FIXED = 8;
const KIND = { open: 1, extent: 2, close: 3, erase: 4, worn: 5 } as const;

/** Most bytes of a metadata item. */
export const MAX_METADATA = 3072;

/** Most bytes of the custody record in a close entry. */
export const MAX_CLOSING_RECORD = 4096;

/** Most bytes of the receipt in an erase entry. */
export const MAX_RECEIPT = 1024;

const MAX_PAYLOAD = CLOSE_FIXED + MAX_METADATA + MAX_CLOSING_RECORD;

/** Most sectors of an entry. */
export const MAX_ENTRY_SECTORS = Math.ceil((PAYLOAD_AT + MAX_PAYLOAD) / SECTOR);

/** Sectors without a valid entry after which the journal ends. */
export const JOURNAL_GAP = 256;

/** A recording was opened; its data begins in this extent. */
export interface OpenEntry {
	readonly kind: "open";
	/** First sector of the first extent. */
	readonly start: number;
	/** Sectors of it. */
	readonly sectors: number;
	/** Opening metadata (CBOR). */
	readonly metadata: Uint8Array;
}

/** A recording goes on in another extent. */
export interface ExtentEntry {
	readonly kind: "extent";
	/** First sector. */
	readonly start: number;
	/** Sectors. */
	readonly sectors: number;
	/** Index of the first segment in it. */
	readonly segment: number;
	/** Logical offset of that segment's payload. */
	readonly offset: number;
	/** Offset of its part of the custody record. */
	readonly recordOffset: number;
}

/** A recording was closed. */
export interface CloseEntry {
	readonly kind: "close";
	/** Logical bytes: those of the age file. */
	readonly bytes: number;
	/** Bytes of the custody record in the segments. */
	readonly recordBytes: number;
	/** First sector after its last segment; what the extent has beyond is free again. */
	readonly end: number;
	/** Segments. */
	readonly segments: number;
	/** Whether it was cut off and closed later. */
	readonly interrupted: boolean;
	/** SHA-256 of the logical bytes. */
	readonly sha256: Uint8Array;
	/** Final metadata (CBOR). */
	readonly metadata: Uint8Array;
	/** The end of the custody record, behind what is in the segments. */
	readonly record: Uint8Array;
}

/** A recording was erased; its extents are free. */
export interface EraseEntry {
	readonly kind: "erase";
	/** The archive's signed receipt. */
	readonly receipt: Uint8Array;
}

/** A place that could not be written; it is not to be used. About no recording: its number is 0. */
export interface WornEntry {
	readonly kind: "worn";
	/** First sector. */
	readonly start: number;
	/** Sectors. */
	readonly sectors: number;
}

/** What a journal entry says. */
export type EntryBody = OpenEntry | ExtentEntry | CloseEntry | EraseEntry | WornEntry;

/** Where an entry stands and what it is about. */
export interface EntryHead {
	/** Counts up over the journal, from 1. */
	readonly sequence: number;
	/** First word of the card's identity. */
	readonly identityWord: number;
	/** Number of the recording. */
	readonly number: number;
}

/** A decoded entry. */
export type JournalEntry = EntryHead & {
	/** What it says. */
	readonly body: EntryBody;
	/** Sectors it takes. */
	readonly entrySectors: number;
	/** Its checksum: the first segment of a recording repeats that of its open entry. */
	readonly crc: number;
};

function payloadBytes(body: EntryBody): number {
	if (body.kind === "open") return OPEN_FIXED + body.metadata.length;
	if (body.kind === "extent") return EXTENT_FIXED;
	if (body.kind === "worn") return WORN_FIXED;
	if (body.kind === "erase") return ERASE_FIXED + body.receipt.length;
	return CLOSE_FIXED + body.metadata.length + body.record.length;
}

/** Sectors an entry will take. */
export function entrySectors(body: EntryBody): number {
	return Math.ceil((PAYLOAD_AT + payloadBytes(body)) / SECTOR);
}

function put(view: DataView, at: number, bytes: Uint8Array): void {
	new Uint8Array(view.buffer, view.byteOffset + at, bytes.length).set(bytes);
}

function take(view: DataView, at: number, length: number): Uint8Array {
	return new Uint8Array(view.buffer, view.byteOffset + at, length).slice();
}

/**
 * Writes an entry at `at`, whole sectors, the rest zero.
 * @returns its checksum
 * @throws {RangeError} when metadata, record or receipt are too long
 */
export function encodeEntry(bytes: CardBytes, at: number, head: EntryHead, body: EntryBody): number {
	const { view } = bytes;
	const length = payloadBytes(body);
	if (!fitsEntry(body)) throw new RangeError(`the ${body.kind} entry is too long: it has ${length} bytes`);
	const size = entrySectors(body) * SECTOR;
	new Uint8Array(view.buffer, view.byteOffset + at, size).fill(0);
	view.setUint32(at, MAGIC, true);
	view.setUint32(at + 4, KIND[body.kind], true);
	view.setUint32(at + 8, head.sequence, true);
	view.setUint32(at + 12, head.identityWord, true);
	view.setUint32(at + 16, head.number, true);
	view.setUint32(at + 20, length, true);
	const p = at + PAYLOAD_AT;
	encodeBody(view, p, body);
	const crc = bytes.crc32(p, length, bytes.crc32(at, CRC_AT));
	view.setUint32(at + CRC_AT, crc, true);
	return crc;
}

/** Whether metadata, record and receipt are short enough to be kept. */
export function fitsEntry(body: EntryBody): boolean {
	if (body.kind === "erase") return body.receipt.length <= MAX_RECEIPT;
	if (body.kind === "extent" || body.kind === "worn") return true;
	if (body.kind === "close" && body.record.length > MAX_CLOSING_RECORD) return false;
	return body.metadata.length <= MAX_METADATA;
}

function encodeBody(view: DataView, p: number, body: EntryBody): void {
	if (body.kind === "close") {
		setUint64(view, p, body.bytes);
		view.setUint32(p + 8, body.end, true);
		view.setUint32(p + 12, body.segments, true);
		view.setUint32(p + 16, body.interrupted ? 1 : 0, true);
		view.setUint32(p + 20, body.recordBytes, true);
		put(view, p + 24, body.sha256.subarray(0, 32));
		view.setUint32(p + 56, body.metadata.length, true);
		view.setUint32(p + 60, body.record.length, true);
		put(view, p + CLOSE_FIXED, body.metadata);
		put(view, p + CLOSE_FIXED + body.metadata.length, body.record);
	} else if (body.kind === "erase") {
		view.setUint32(p, body.receipt.length, true);
		put(view, p + ERASE_FIXED, body.receipt);
	} else {
		view.setUint32(p, body.start, true);
		view.setUint32(p + 4, body.sectors, true);
		if (body.kind === "open") put(view, p + OPEN_FIXED, body.metadata);
		else if (body.kind === "extent") {
			view.setUint32(p + 8, body.segment, true);
			view.setUint32(p + 12, body.recordOffset, true);
			setUint64(view, p + 16, body.offset);
		}
	}
}

/** Whether an entry may begin at `at`: cheap, for scanning. */
export function mayBeEntry(bytes: CardBytes, at: number): boolean {
	return bytes.view.getUint32(at, true) === MAGIC;
}

function decodeBody(view: DataView, p: number, kind: number, length: number): EntryBody | undefined {
	if (kind === KIND.open && length >= OPEN_FIXED)
		return {
			kind: "open",
			start: view.getUint32(p, true),
			sectors: view.getUint32(p + 4, true),
			metadata: take(view, p + OPEN_FIXED, length - OPEN_FIXED),
		};
	if (kind === KIND.extent && length === EXTENT_FIXED)
		return {
			kind: "extent",
			start: view.getUint32(p, true),
			sectors: view.getUint32(p + 4, true),
			segment: view.getUint32(p + 8, true),
			recordOffset: view.getUint32(p + 12, true),
			offset: getUint64(view, p + 16),
		};
	if (kind === KIND.worn && length === WORN_FIXED)
		return { kind: "worn", start: view.getUint32(p, true), sectors: view.getUint32(p + 4, true) };
	if (kind === KIND.close && length >= CLOSE_FIXED) return decodeClose(view, p, length);
	if (kind === KIND.erase && length >= ERASE_FIXED && length === ERASE_FIXED + view.getUint32(p, true))
		return { kind: "erase", receipt: take(view, p + ERASE_FIXED, length - ERASE_FIXED) };
	return undefined;
}

function decodeClose(view: DataView, p: number, length: number): CloseEntry | undefined {
	const metadata = view.getUint32(p + 56, true);
	const record = view.getUint32(p + 60, true);
	if (metadata > MAX_METADATA || record > MAX_CLOSING_RECORD) return undefined;
	if (length !== CLOSE_FIXED + metadata + record) return undefined;
	return {
		kind: "close",
		bytes: getUint64(view, p),
		recordBytes: view.getUint32(p + 20, true),
		end: view.getUint32(p + 8, true),
		segments: view.getUint32(p + 12, true),
		interrupted: (view.getUint32(p + 16, true) & 1) !== 0,
		sha256: take(view, p + 24, 32),
		metadata: take(view, p + CLOSE_FIXED, metadata),
		record: take(view, p + CLOSE_FIXED + metadata, record),
	};
}

/**
 * Reads the entry at `at` of a card with that identity.
 * @param limit - end of the bytes that are there
 * @returns undefined when there is none or it is damaged; `"cut"` when it goes on past `limit`
 */
export function decodeEntry(
	bytes: CardBytes,
	at: number,
	limit: number,
	identityWord: number,
): JournalEntry | "cut" | undefined {
	const { view } = bytes;
	if (at + SECTOR > limit || !mayBeEntry(bytes, at)) return undefined;
	const length = view.getUint32(at + 20, true);
	if (length > MAX_PAYLOAD || view.getUint32(at + 12, true) !== identityWord) return undefined;
	const size = Math.ceil((PAYLOAD_AT + length) / SECTOR);
	if (at + size * SECTOR > limit) return "cut";
	const crc = view.getUint32(at + CRC_AT, true);
	const p = at + PAYLOAD_AT;
	if (crc !== bytes.crc32(p, length, bytes.crc32(at, CRC_AT))) return undefined;
	const body = decodeBody(view, p, view.getUint32(at + 4, true), length);
	if (!body) return undefined;
	return {
		sequence: view.getUint32(at + 8, true),
		identityWord,
		number: view.getUint32(at + 16, true),
		body,
		entrySectors: size,
		crc,
	};
}
