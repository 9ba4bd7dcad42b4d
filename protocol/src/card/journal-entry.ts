import { type CardBytes, getUint64, setUint64 } from "./card-bytes.ts";
import { SECTOR } from "./superblock.ts";

/** "BCJE", little-endian. */
const MAGIC = 0x454a_4342;
const CRC_AT = 24;
const PAYLOAD_AT = 32;
const OPEN_FIXED = 8;
const EXTENT_FIXED = 24;
const CLOSE_FIXED = 56;
const KIND = { open: 1, extent: 2, close: 3 } as const;

/** Most bytes of a metadata item. */
export const MAX_METADATA = 3072;

/** Most sectors of an entry. */
export const MAX_ENTRY_SECTORS = Math.ceil((PAYLOAD_AT + CLOSE_FIXED + MAX_METADATA) / SECTOR);

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
}

/** A recording was closed. */
export interface CloseEntry {
	readonly kind: "close";
	/** Logical bytes. */
	readonly bytes: number;
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
}

/** What a journal entry says. */
export type EntryBody = OpenEntry | ExtentEntry | CloseEntry;

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
	return CLOSE_FIXED + body.metadata.length;
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
 * @throws {RangeError} when the metadata is too long
 */
export function encodeEntry(bytes: CardBytes, at: number, head: EntryHead, body: EntryBody): number {
	const { view } = bytes;
	const length = payloadBytes(body);
	if (body.kind !== "extent" && body.metadata.length > MAX_METADATA)
		throw new RangeError(`metadata of ${body.metadata.length} bytes; at most ${MAX_METADATA} are kept`);
	const size = entrySectors(body) * SECTOR;
	new Uint8Array(view.buffer, view.byteOffset + at, size).fill(0);
	view.setUint32(at, MAGIC, true);
	view.setUint32(at + 4, KIND[body.kind], true);
	view.setUint32(at + 8, head.sequence, true);
	view.setUint32(at + 12, head.identityWord, true);
	view.setUint32(at + 16, head.number, true);
	view.setUint32(at + 20, length, true);
	const p = at + PAYLOAD_AT;
	if (body.kind === "close") {
		setUint64(view, p, body.bytes);
		view.setUint32(p + 8, body.end, true);
		view.setUint32(p + 12, body.segments, true);
		view.setUint32(p + 16, body.interrupted ? 1 : 0, true);
		put(view, p + 24, body.sha256.subarray(0, 32));
		put(view, p + CLOSE_FIXED, body.metadata);
	} else {
		view.setUint32(p, body.start, true);
		view.setUint32(p + 4, body.sectors, true);
		if (body.kind === "open") put(view, p + OPEN_FIXED, body.metadata);
		else {
			view.setUint32(p + 8, body.segment, true);
			setUint64(view, p + 16, body.offset);
		}
	}
	const crc = bytes.crc32(p, length, bytes.crc32(at, CRC_AT));
	view.setUint32(at + CRC_AT, crc, true);
	return crc;
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
			offset: getUint64(view, p + 16),
		};
	if (kind === KIND.close && length >= CLOSE_FIXED)
		return {
			kind: "close",
			bytes: getUint64(view, p),
			end: view.getUint32(p + 8, true),
			segments: view.getUint32(p + 12, true),
			interrupted: (view.getUint32(p + 16, true) & 1) !== 0,
			sha256: take(view, p + 24, 32),
			metadata: take(view, p + CLOSE_FIXED, length - CLOSE_FIXED),
		};
	return undefined;
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
	if (length > CLOSE_FIXED + MAX_METADATA || view.getUint32(at + 12, true) !== identityWord) return undefined;
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
