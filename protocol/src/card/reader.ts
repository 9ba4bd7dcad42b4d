import { cardBytes } from "./card-bytes.ts";
import { CardError, type CardSource } from "./card-source.ts";
import { decodeEntry, JOURNAL_GAP, type JournalEntry, MAX_ENTRY_SECTORS } from "./journal-entry.ts";
import {
	beginning,
	content,
	countBehind,
	type Found,
	type RecordingPiece,
	segments,
	wholeSegments,
} from "./segment-run.ts";
import { decodeSuperblock, SECTOR, SUPERBLOCK_SECTORS, type Superblock } from "./superblock.ts";

export { type CardDamage, CardError, type CardErrorCode, type CardSource } from "./card-source.ts";
export type { RecordingPiece } from "./segment-run.ts";

/** Sectors read at once. */
const CHUNK = 512;

/** A recording as the card's journal tells of it. */
export interface CardRecording {
	/** Number, from 1. */
	readonly number: number;
	/** `unfinished`: cut off, and not yet closed by a camera; `erased`: an archive has given a receipt for it. */
	readonly state: "complete" | "interrupted" | "unfinished" | "erased";
	/** Length of the age file; of an unfinished recording, what is whole of it. */
	readonly bytes: number;
	/** Length of the custody record, likewise. */
	readonly recordBytes: number;
	/** SHA-256 of the age file; undefined for an unfinished recording. */
	readonly sha256: Uint8Array | undefined;
	/** Newest metadata (CBOR, `recordingMetadata`). */
	readonly metadata: Uint8Array;
	/** The archive's signed receipt; undefined unless it is erased. */
	readonly receipt: Uint8Array | undefined;
}

/** A running SHA-256. */
export interface RunningDigest {
	/** Adds bytes. */
	update(bytes: Uint8Array): void;
	/** The digest. */
	digest(): Uint8Array;
}

/** Numbers from `first` to `last`. */
export interface NumberRange {
	/** The lowest. */
	readonly first: number;
	/** The highest. */
	readonly last: number;
}

type Closed = NonNullable<Found["closed"]>;

interface Journal {
	readonly found: ReadonlyMap<number, Found>;
	/** Highest number any entry names. */
	readonly highest: number;
}

/** Reads the recordings of a card without a camera. */
export class CardReader {
	/** Where things lie on it. */
	readonly superblock: Superblock;
	/** The recordings, ascending. */
	readonly recordings: readonly CardRecording[];
	/** Numbers that were given, as those after them show, but of which the journal tells nothing more; ascending. */
	readonly missing: readonly NumberRange[];
	private readonly source: CardSource;
	private readonly found: ReadonlyMap<number, Found>;

	private constructor(
		source: CardSource,
		superblock: Superblock,
		{ found, highest }: Journal,
		recordings: readonly CardRecording[],
	) {
		this.source = source;
		this.superblock = superblock;
		this.found = found;
		this.recordings = recordings;
		this.missing = gaps(
			recordings.map(({ number }) => number),
			highest,
		);
	}

	/**
	 * Reads superblock and journal, and how far unfinished recordings go.
	 * @throws {CardError} `no-store` when there is no store on it
	 */
	static async open(source: CardSource): Promise<CardReader> {
		const superblock = await findSuperblock(source);
		const journal = await readJournal(source, superblock);
		const recordings: CardRecording[] = [];
		for (const item of [...journal.found.values()].sort((a, b) => a.number - b.number)) {
			recordings.push(item.closed ? closedRecording(item, item.closed) : await unfinished(source, item));
		}
		return new CardReader(source, superblock, journal, recordings);
	}

	/**
	 * The bytes of a recording, in order; checksums are verified on the way. Bytes of a segment come before its
	 * checksum can be known: when it is wrong, the error's `damage` says how many bytes to keep.
	 * @param createDigest - makes a SHA-256, to verify the age file as a whole too
	 * @throws {CardError} `no-such-recording`, `erased`, or `damaged` with what is whole
	 */
	async *extract(number: number, createDigest?: () => RunningDigest): AsyncGenerator<RecordingPiece> {
		const item = this.found.get(number);
		const recording = this.recordings.find((candidate) => candidate.number === number);
		if (!item || !recording)
			throw new CardError("no-such-recording", `there is no recording ${number} on the card`);
		if (recording.state === "erased")
			throw new CardError("erased", `recording ${number} has been erased: its archive gave a receipt`);
		const digest = createDigest?.();
		let next = beginning(item);
		try {
			for await (const segment of segments(this.source, item)) {
				if (next.offset >= recording.bytes) break;
				for await (const piece of content(this.source, segment, number)) {
					if (piece.part === "age") digest?.update(piece.bytes);
					yield piece;
				}
				next = segment.next;
			}
			if (next.offset !== recording.bytes) {
				const what = `recording ${number} ends after ${next.offset} of ${recording.bytes} bytes`;
				throw new CardError("damaged", what);
			}
		} catch (error) {
			if (!(error instanceof CardError)) throw error;
			const behind = await countBehind(this.source, item, next, recording.bytes);
			throw new CardError("damaged", error.message, {
				whole: next.offset,
				wholeRecord: next.recordOffset,
				...behind,
			});
		}
		const sum = digest?.digest();
		if (sum && recording.sha256 && !sum.every((byte, i) => byte === recording.sha256?.[i]))
			throw new CardError("damaged", `the SHA-256 of recording ${number} is not the one on the card`);
		const end = item.closed?.record;
		if (end !== undefined && end.length > 0) yield { part: "custody", bytes: end };
	}
}

function closedRecording({ number, metadata, receipt }: Found, closed: Closed): CardRecording {
	const { bytes, sha256, interrupted, record } = closed;
	const state = receipt !== undefined ? "erased" : interrupted ? "interrupted" : "complete";
	return { number, state, bytes, recordBytes: closed.recordBytes + record.length, sha256, metadata, receipt };
}

async function unfinished(source: CardSource, item: Found): Promise<CardRecording> {
	const { number, metadata } = item;
	let bytes = 0;
	let recordBytes = 0;
	for await (const { next } of wholeSegments(source, item)) {
		bytes = next.offset;
		recordBytes = next.recordOffset;
	}
	const state = "unfinished";
	return { number, state, bytes, recordBytes, sha256: undefined, metadata, receipt: undefined };
}

function gaps(numbers: readonly number[], highest: number): NumberRange[] {
	const ranges: NumberRange[] = [];
	let expected = 1;
	for (const number of [...numbers, highest + 1]) {
		if (number > expected) ranges.push({ first: expected, last: number - 1 });
		expected = number + 1;
	}
	return ranges;
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

async function readJournal(source: CardSource, superblock: Superblock): Promise<Journal> {
	const found = new Map<number, Found>();
	let highest = 0;
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
			highest = Math.max(highest, entry.number);
			sequence = entry.sequence + 1;
			at += entry.entrySectors;
			last = sector + at;
		}
		sector += at;
	}
	return { found, highest };
}

function apply(found: Map<number, Found>, { number, body, crc }: JournalEntry): void {
	const item = found.get(number);
	if (body.kind === "open") {
		const extents = [{ start: body.start, sectors: body.sectors, segment: 0 }];
		const { metadata } = body;
		found.set(number, { number, chain: crc, extents, metadata, closed: undefined, receipt: undefined });
	} else if (item && body.kind === "extent") {
		item.extents.push({ start: body.start, sectors: body.sectors, segment: body.segment });
	} else if (item && body.kind === "close") {
		item.closed = body;
		item.metadata = body.metadata;
	} else if (item && body.kind === "erase") item.receipt = body.receipt;
}
