import type { MemoryCard, MemoryCardOptions } from "../hal/block-device.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { Timers } from "../hal/timers.ts";

/** Bytes of a staging block: at most 128 KiB are written at once, and one sector for the end of a segment. */
export const STAGING_BLOCK_BYTES = 128 * 1024 + 512;

/** Bytes of the staging region: what waits for the card while a recording is written. */
export const STAGING_BYTES = 8 * STAGING_BLOCK_BYTES;

/** Bytes of the catalog region: 64 bytes a recording. */
export const CATALOG_BYTES = 512 * 1024;

/** Bytes of the store's working region: buffers for the journal, for reading and for recovery. */
export const STORE_WORK_BYTES = 256 * 1024;

/**
 * Why the card cannot be written:
 * - `absent` no card, or it was taken out
 * - `read-only` the card refuses writes
 * - `full` no room for data, journal or catalog
 * - `write-error`, `read-error` a request failed twice
 * - `stalled` no answer for `STALL_LIMIT` µs; taken back when the card answers again
 * - `unknown-format` the card holds something else: it must be formatted on purpose
 */
export type CardFault =
	| "absent"
	| "read-only"
	| "full"
	| "write-error"
	| "read-error"
	| "stalled"
	| "unknown-format";

/** Time after which an unanswered card request is reported as `stalled`, µs. */
export const STALL_LIMIT = 3_000_000;

/** What the recording that is open, or the last one, asks of the card, and what the card gives. */
export interface WriteFigures {
	/** Bytes written, journal and padding included. */
	readonly bytes: number;
	/** Time in which they were written, ms. */
	readonly durationMs: number;
	/** Of it, time in which the card was busy, ms: what is left is the margin. */
	readonly busyMs: number;
	/** The longest write, ms. */
	readonly longestWriteMs: number;
	/** The longest flush, ms. */
	readonly longestFlushMs: number;
	/** Requests that were tried again. */
	readonly retries: number;
	/** Most bytes that waited in staging. */
	readonly highestFill: number;
	/** Bytes of staging; what does not fit waits in the pre-record ring. */
	readonly staging: number;
}

/** The store's condition. */
export interface StoreStatus {
	/** `mounting` while a card is being read in; `ready`: a recording may be opened. */
	readonly state: "absent" | "mounting" | "ready" | "fault";
	/** What is wrong; undefined in state `ready` and `mounting`. `stalled` is reported beside state `ready`. */
	readonly fault: CardFault | undefined;
	/** Bytes of the card. */
	readonly cardBytes: number;
	/** Bytes left for recordings. */
	readonly freeBytes: number;
	/** Recordings on the card, the open one included. */
	readonly recordings: number;
	/** Number the next recording will have. */
	readonly next: number;
	/** Whether an interrupted recording is still being closed. */
	readonly recovering: boolean;
	/** What writing takes. */
	readonly writing: WriteFigures;
}

/** One line of the catalog. */
export interface StoredRecording {
	/** Number, from 1. */
	readonly number: number;
	/**
	 * `recording` while it is written or still has to be closed after a power cut; `erased`: only number, lengths,
	 * metadata, the end of its record and the receipt are left.
	 */
	readonly state: "recording" | "complete" | "interrupted" | "erased";
	/** Bytes of the age file. */
	readonly bytes: number;
	/** Bytes of the custody record. */
	readonly recordBytes: number;
}

/** What a recording is closed with. */
export interface Closing {
	/** Final metadata; at most `MAX_METADATA_BYTES`. */
	readonly metadata: Uint8Array;
	/** The last items of the custody record; at most `MAX_CLOSING_RECORD_BYTES`. */
	readonly record: Uint8Array;
}

/** A recording that was cut off, as far as it is whole. */
export interface InterruptedRecording {
	/** Its number. */
	readonly number: number;
	/** The metadata it was opened with. */
	readonly opening: Uint8Array;
	/** Bytes of the age file that are kept: whole segments. */
	readonly bytes: number;
	/** Their SHA-256. */
	readonly sha256: Uint8Array;
	/** Segments kept. */
	readonly segments: number;
	/** Bytes of the custody record that are kept: those of the same segments. */
	readonly recordBytes: number;
	/** Of them, bytes in the last segment; they end with its checkpoint. */
	readonly lastRecordBytes: number;
	/** Bytes of the age file in the segment that was cut off, as far as its header tells; 0 without one. */
	readonly cutBytes: number;
	/** Bytes of the custody record in it. */
	readonly cutRecordBytes: number;
	/** The notes of the last segment kept (see `beginSegment`); all 0 without one. */
	readonly notes: Uint32Array;
	/**
	 * Reads bytes of the record; fewer at its end.
	 * @throws {StoreError} when the card fails
	 */
	readRecord(offset: number, length: number): Promise<Uint8Array>;
}

/** The part of a card that is kept for the event log; sectors count from its start. */
export interface LogArea {
	/** Its sectors. */
	readonly sectors: number;
	/** The 16 bytes that name the card. */
	readonly identity: Uint8Array;
	/** Whether the card refuses writes. */
	readonly readOnly: boolean;
	/** Reads sectors into media memory. @throws {StoreError} when it fails */
	read(sector: number, count: number, at: number): Promise<void>;
	/**
	 * Writes sectors and makes them safe; `done` is called with `Status.ok` when they are. The bytes must not change
	 * before.
	 * @throws {StoreError} `busy` when the card has too much to do
	 */
	append(sector: number, count: number, at: number, done: (status: number) => void): void;
}

/** Options of the extent store. Callbacks are never invoked inside a method. */
export interface ExtentStoreOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Clock and timers. */
	readonly timers: Timers;
	/** Blocks that are filled and written; `STAGING_BYTES`. */
	readonly staging: MediaRegion;
	/** The list of recordings; `CATALOG_BYTES`. */
	readonly catalog: MediaRegion;
	/** Working memory; `STORE_WORK_BYTES`. */
	readonly work: MediaRegion;
	/** Opens the card's driver with the store's callbacks. */
	openCard(options: MemoryCardOptions): MemoryCard;
	/** 16 random bytes that name a freshly formatted card. */
	createIdentity(): Uint8Array;
	/** Number of the newest recording the camera knows of from elsewhere, 0 without any: another card counts on. */
	newestNumber?(): number;
	/**
	 * Makes what a recording is closed with that a power cut ended. May take its time; other recordings can be made
	 * meanwhile. `undefined` leaves it as it is, to be closed another time: it is of another camera, or it cannot be
	 * signed yet.
	 */
	describeInterrupted(interrupted: InterruptedRecording): Promise<Closing | undefined>;
	/** State or fault changed: see `status`. */
	onStatus?(status: StoreStatus): void;
	/** An interrupted recording was closed. */
	onRecovered?(number: number): void;
	/** What is on the card of a recording cannot be read, or is not what was written. */
	onDamaged?(number: number): void;
	/** A card was read in, for the first time or again: its event log may be used; undefined: not any more. */
	onLogArea?(area: LogArea | undefined): void;
}

/** What a writer tells its owner. Never invoked inside a method. */
export interface WriterEvents {
	/** Staging has room again after `write` took less than it was given. */
	onRoom(): void;
	/** Everything up to `bytes` of the age file is safe against a power cut: so many segments. */
	onSafe(bytes: number, segments: number): void;
	/** The recording cannot be continued; what is safe is kept. Nothing more is written; `close` it. */
	onFault(fault: CardFault): void;
}

/**
 * An open recording: segments of bytes appended one after the other. Allocates nothing per call.
 */
export interface RecordingWriter {
	/** Its number. */
	readonly number: number;
	/** Bytes of the age file in the segments begun so far. */
	readonly bytes: number;
	/** Segments begun so far. */
	readonly segments: number;
	/** Whether it still accepts bytes. */
	readonly live: boolean;
	/**
	 * Begins a segment of exactly `bytes` bytes of the age file and, behind them, `recordBytes` bytes of the custody
	 * record. Both are safe together or not at all.
	 * @param notes - offset in media memory of 12 words that are kept with it: running totals of the owner, given to
	 * `describeInterrupted` should the recording be cut off after it
	 * @returns false when the card has no room for it: the recording should be closed
	 */
	beginSegment(bytes: number, recordBytes: number, notes: number): boolean;
	/**
	 * The same for the last segment of a recording, for which room is kept: at most `LAST_SEGMENT_BYTES` in all.
	 * @returns false when it is longer and there is no room
	 */
	beginLastSegment(bytes: number, recordBytes: number, notes: number): boolean;
	/**
	 * Copies bytes of media memory into the open segment: first those of the age file, then those of the record.
	 * @returns bytes taken; fewer when staging is full: go on after `onRoom`
	 */
	write(at: number, length: number): number;
	/** Ends the segment: it is written, and a flush is requested that makes it safe against a power cut. */
	seal(): void;
	/**
	 * Ends the recording after the last sealed segment; after a fault, after the last safe one.
	 * @param describe - makes what it is closed with, from what is kept: bytes of the age file, their SHA-256, segments
	 * @param onClosed - `closed`: it is safe on the card; otherwise it could not be written, and the recording is
	 * closed as interrupted when the card is mounted the next time
	 */
	close(
		describe: (bytes: number, sha256: Uint8Array, segments: number) => Closing,
		onClosed: (closed: boolean) => void,
	): void;
}

/** Append-only store of numbered recordings on a memory card; see docs/card-format.md. */
export interface ExtentStore {
	/** Condition and room. */
	status(): StoreStatus;
	/**
	 * Opens the next recording.
	 * @param metadata - opening metadata (at most `MAX_METADATA_BYTES`)
	 * @throws {StoreError} when the store is not ready or another recording is open
	 */
	open(metadata: Uint8Array, events: WriterEvents): RecordingWriter;
	/**
	 * Erases the card's directory and makes an empty store.
	 * @throws {StoreError} when there is no card, it refuses writes, or a recording is open
	 */
	format(): Promise<void>;
	/**
	 * Recordings from `first` (a number) on, at most `max`, ascending.
	 * @throws {StoreError} when there is no card, or it is not read in
	 */
	list(first: number, max: number): StoredRecording[];
	/**
	 * The catalog's line of one recording; undefined when there is none with that number.
	 * @throws {StoreError} when there is no card, or it is not read in
	 */
	find(number: number): StoredRecording | undefined;
	/**
	 * Newest metadata of a recording.
	 * @throws {StoreError} when there is no such recording or the card fails
	 */
	metadata(number: number): Promise<Uint8Array>;
	/**
	 * What a recording was closed with, also when it has been erased; undefined while it is open.
	 * @throws {StoreError} when there is no such recording or the card fails
	 */
	closing(number: number): Promise<Closing | undefined>;
	/**
	 * The receipt a recording was erased with; undefined when it is there.
	 * @throws {StoreError} when there is no such recording or the card fails
	 */
	receipt(number: number): Promise<Uint8Array | undefined>;
	/**
	 * Reads bytes of a recording's age file into media memory.
	 * @returns bytes read; 0 at the end
	 * @throws {StoreError} when there is no such recording, it is erased, or the card fails
	 */
	read(number: number, offset: number, length: number, to: number): Promise<number>;
	/**
	 * Reads bytes of a recording's custody record into media memory.
	 * @returns bytes read; 0 at the end
	 * @throws {StoreError} when there is no such recording, it is erased, or the card fails
	 */
	readRecord(number: number, offset: number, length: number, to: number): Promise<number>;
	/**
	 * Writes anew what a closed recording was closed with; the recording stays as it is.
	 * @param amended - makes it from what it was
	 * @throws {StoreError} when there is no such recording, it is open (`busy`) or erased, it is `too-long`, the card fails
	 * or is full
	 */
	amend(number: number, amended: (closing: Closing) => Closing): Promise<void>;
	/**
	 * Erases a closed recording: its place is free, its number and the receipt are kept. Whether the receipt entitles
	 * to it is the caller's business.
	 * @param receipt - at most `MAX_RECEIPT_BYTES`
	 * @throws {StoreError} when there is no such recording, it is open (`busy`) or erased already, or the card fails
	 */
	erase(number: number, receipt: Uint8Array): Promise<void>;
	/** Idempotent; nothing is called afterwards. */
	close(): void;
}

/** What a request to the store failed of. */
export type StoreErrorCode =
	| CardFault
	| "not-ready"
	| "busy"
	| "no-such-recording"
	| "erased"
	| "damaged"
	| "too-long";

/** A refused or failed request to the store. */
export class StoreError extends Error {
	/** What it failed of. */
	readonly code: StoreErrorCode;

	constructor(code: StoreErrorCode, message: string) {
		super(message);
		this.name = "StoreError";
		this.code = code;
	}
}

/** Most bytes of a metadata item. */
export const MAX_METADATA_BYTES = 3072;

/** Most bytes of the custody record that a recording is closed with. */
export const MAX_CLOSING_RECORD_BYTES = 4096;

/** Most bytes of a receipt. */
export const MAX_RECEIPT_BYTES = 1024;

/** Bytes of age file and record for which room is kept, so that a recording that fills the card can be finished. */
export const LAST_SEGMENT_BYTES = 384 * 1024;
