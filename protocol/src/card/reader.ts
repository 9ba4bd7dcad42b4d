import { cardBytes, crc32 } from "./card-bytes.ts";
import { decodeEntry, JOURNAL_GAP, type JournalEntry, MAX_ENTRY_SECTORS } from "./journal-entry.ts";
import {
	decodeSegmentHeader,
	follows,
	SEGMENT_END_MAGIC,
	SEGMENT_HEADER,
	SEGMENT_TRAILER,
	type SegmentHeader,
} from "./segment.ts";
import { decodeSuperblock, SECTOR, SUPERBLOCK_SECTORS, type Superblock } from "./superblock.ts";

/** Sectors read at once. */
const CHUNK = 512;

/** A card or the image of one. */
export interface CardSource {
	/** Its sectors. */
	readonly sectors: number;
	/** Reads sectors; exactly `count` times 512 bytes. */
	read(sector: number, count: number): Uint8Array | Promise<Uint8Array>;
}

/** A recording as the card's journal tells of it. */
export interface CardRecording {
	/** Number, from 1. */
	readonly number: number;
	/** `unfinished`: cut off, and not yet closed by a camera. */
	readonly state: "complete" | "interrupted" | "unfinished";
	/** Length of the file; of an unfinished recording, what is whole of it. */
	readonly bytes: number;
	/** SHA-256 of the file; undefined for an unfinished recording. */
	readonly sha256: Uint8Array | undefined;
	/** Newest metadata (CBOR, `recordingMetadata`). */
	readonly metadata: Uint8Array;
}

/** A running SHA-256. */
export interface RunningDigest {
	/** Adds bytes. */
	update(bytes: Uint8Array): void;
	/** The digest. */
	digest(): Uint8Array;
}

/** What a card image suffers from. */
export type CardErrorCode = "no-store" | "no-such-recording" | "damaged";

/** A card image cannot be read. */
export class CardError extends Error {
	/** What is wrong. */
	readonly code: CardErrorCode;

	/** @param code - what is wrong @param message - what it means */
	constructor(code: CardErrorCode, message: string) {
		super(message);
		this.name = "CardError";
		this.code = code;
	}
}

interface Found {
	readonly number: number;
	readonly chain: number;
	readonly extents: { start: number; sectors: number; segment: number }[];
	metadata: Uint8Array;
	closed: { bytes: number; interrupted: boolean; sha256: Uint8Array } | undefined;
}

interface Segment {
	readonly header: SegmentHeader;
	readonly start: number;
}

/** Reads the recordings of a card without a camera. */
export class CardReader {
	/** Where things lie on it. */
	readonly superblock: Superblock;
	/** The recordings, ascending. */
	readonly recordings: readonly CardRecording[];
	private readonly source: CardSource;
	private readonly found: ReadonlyMap<number, Found>;

	private constructor(
		source: CardSource,
		superblock: Superblock,
		found: ReadonlyMap<number, Found>,
		recordings: readonly CardRecording[],
	) {
		this.source = source;
		this.superblock = superblock;
		this.found = found;
		this.recordings = recordings;
	}

	/**
	 * Reads superblock and journal, and how far unfinished recordings go.
	 * @throws {CardError} `no-store` when there is no store on it
	 */
	static async open(source: CardSource): Promise<CardReader> {
		const superblock = await findSuperblock(source);
		const found = await readJournal(source, superblock);
		const recordings: CardRecording[] = [];
		for (const item of [...found.values()].sort((a, b) => a.number - b.number)) {
			const { number, metadata, closed } = item;
			if (closed) {
				const { bytes, interrupted, sha256 } = closed;
				recordings.push({ number, state: interrupted ? "interrupted" : "complete", bytes, sha256, metadata });
				continue;
			}
			let bytes = 0;
			for await (const { header } of wholeSegments(source, item)) bytes = header.offset + header.length;
			recordings.push({ number, state: "unfinished", bytes, sha256: undefined, metadata });
		}
		return new CardReader(source, superblock, found, recordings);
	}

	/**
	 * The bytes of a recording, in order; checksums are verified on the way.
	 * @param createDigest - makes a SHA-256, to verify the whole too
	 * @throws {CardError} `no-such-recording`, or `damaged` after the bytes that are whole
	 */
	async *extract(number: number, createDigest?: () => RunningDigest): AsyncGenerator<Uint8Array> {
		const item = this.found.get(number);
		const recording = this.recordings.find((candidate) => candidate.number === number);
		if (!item || !recording)
			throw new CardError("no-such-recording", `there is no recording ${number} on the card`);
		const digest = createDigest?.();
		let bytes = 0;
		for await (const segment of segments(this.source, item)) {
			if (bytes >= recording.bytes) break;
			for await (const chunk of payload(this.source, segment, number)) {
				digest?.update(chunk);
				bytes += chunk.length;
				yield chunk;
			}
		}
		if (bytes !== recording.bytes)
			throw new CardError("damaged", `recording ${number} ends after ${bytes} of ${recording.bytes} bytes`);
		const sum = digest?.digest();
		if (sum && recording.sha256 && !sum.every((byte, i) => byte === recording.sha256?.[i]))
			throw new CardError("damaged", `the SHA-256 of recording ${number} is not the one on the card`);
	}
}

/** Finds the superblock. @throws {CardError} `no-store` when there is none */
export async function findSuperblock(source: CardSource): Promise<Superblock> {
	for (const sector of SUPERBLOCK_SECTORS) {
		if (sector >= source.sectors) continue;
		const superblock = decodeSuperblock(cardBytes(await source.read(sector, 1)), 0);
		if (superblock) return superblock;
	}
	throw new CardError("no-store", "this is not the card of a camera: it has no superblock");
}

async function readJournal(source: CardSource, superblock: Superblock): Promise<Map<number, Found>> {
	const found = new Map<number, Found>();
	const end = Math.min(superblock.journalStart + superblock.journalSectors, source.sectors);
	let sequence = 1;
	let last = superblock.journalStart;
	let sector = superblock.journalStart;
	while (sector < end && sector - last < JOURNAL_GAP) {
		const count = Math.min(CHUNK, end - sector);
		const bytes = cardBytes(await source.read(sector, count));
		let at = 0;
		while (at < count) {
			const entry = decodeEntry(bytes, at * SECTOR, count * SECTOR, superblock.identityWord);
			if (entry === "cut" && at > 0 && count > MAX_ENTRY_SECTORS) break;
			if (entry === undefined || entry === "cut" || entry.sequence < sequence) {
				at++;
				continue;
			}
			apply(found, entry);
			sequence = entry.sequence + 1;
			at += entry.entrySectors;
			last = sector + at;
		}
		sector += at;
	}
	return found;
}

function apply(found: Map<number, Found>, { number, body, crc }: JournalEntry): void {
	const item = found.get(number);
	if (body.kind === "open") {
		const extents = [{ start: body.start, sectors: body.sectors, segment: 0 }];
		found.set(number, { number, chain: crc, extents, metadata: body.metadata, closed: undefined });
	} else if (item && body.kind === "extent") {
		item.extents.push({ start: body.start, sectors: body.sectors, segment: body.segment });
	} else if (item && body.kind === "close") {
		const { bytes, interrupted, sha256 } = body;
		item.closed = { bytes, interrupted, sha256 };
		item.metadata = body.metadata;
	}
}

/** CRC-32 of a segment's payload, as its trailer says; undefined when there is no trailer. */
async function trailerOf(source: CardSource, { header, start }: Segment): Promise<number | undefined> {
	const bytes = await source.read(start + header.sectors - 1, 1);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (view.getUint32(SECTOR - 4, true) !== SEGMENT_END_MAGIC) return undefined;
	return view.getUint32(SECTOR - SEGMENT_TRAILER, true);
}

/** The segments of a recording, each continuing the one before; payloads are not looked at. */
async function* segments(source: CardSource, item: Found): AsyncGenerator<Segment> {
	let extent = item.extents[0];
	let start = extent?.start ?? 0;
	let offset = 0;
	let { chain } = item;
	for (let index = 0; extent !== undefined; index++) {
		const next = item.extents.find(({ segment }) => segment === index);
		if (next) {
			extent = next;
			start = next.start;
		}
		const limit = Math.min(extent.start + extent.sectors, source.sectors) - start;
		if (limit <= 0) return;
		const header = decodeSegmentHeader(cardBytes(await source.read(start, 1)), 0);
		if (!follows(header, item.number, index, offset, chain, limit)) return;
		const segment = { header, start };
		const crc = await trailerOf(source, segment);
		if (crc === undefined) return;
		yield segment;
		chain = crc;
		offset += header.length;
		start += header.sectors;
	}
}

/** The segments before the first that is not whole. Only the last can be torn: its successors refer to the others. */
async function* wholeSegments(source: CardSource, item: Found): AsyncGenerator<Segment> {
	let last: Segment | undefined;
	for await (const segment of segments(source, item)) {
		if (last) yield last;
		last = segment;
	}
	if (!last) return;
	try {
		for await (const chunk of payload(source, last, item.number)) if (chunk.length === 0) return;
	} catch (error) {
		if (error instanceof CardError) return;
		throw error;
	}
	yield last;
}

/** The payload of a segment. @throws {CardError} at its end when the checksum is wrong */
async function* payload(source: CardSource, segment: Segment, number: number): AsyncGenerator<Uint8Array> {
	const { header, start } = segment;
	let rest = header.length;
	let crc = 0;
	for (let sector = 0; rest > 0; sector += CHUNK) {
		const bytes = await source.read(start + sector, Math.min(CHUNK, header.sectors - sector));
		const from = sector === 0 ? SEGMENT_HEADER : 0;
		const chunk = bytes.subarray(from, Math.min(bytes.length, from + rest));
		crc = crc32(chunk, crc);
		rest -= chunk.length;
		yield chunk;
	}
	if (crc !== (await trailerOf(source, segment)))
		throw new CardError("damaged", `recording ${number} is damaged at byte ${header.offset}`);
}
