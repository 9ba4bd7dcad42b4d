import type { MemoryCard, MemoryCardOptions } from "../hal/block-device.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { Timers } from "../hal/timers.ts";

/** Bytes of the staging region: what waits for the card while a recording is written; blocks of 128 KiB. */
export const STAGING_BYTES = 1024 * 1024;

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
}

/** One line of the catalog. */
export interface StoredRecording {
	/** Number, from 1. */
	readonly number: number;
	/** `recording` while it is written or still has to be closed after a power cut. */
	readonly state: "recording" | "complete" | "interrupted";
	/** Bytes that can be read. */
	readonly bytes: number;
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
	/**
	 * Makes the final metadata of a recording that a power cut ended.
	 * @param opening - the metadata it was opened with
	 * @param bytes - bytes kept
	 * @param sha256 - their digest
	 * @param notes - the notes of the last segment kept (see `beginSegment`); all 0 without one
	 */
	describeInterrupted(opening: Uint8Array, bytes: number, sha256: Uint8Array, notes: Uint32Array): Uint8Array;
	/** State or fault changed: see `status`. */
	onStatus?(status: StoreStatus): void;
	/** An interrupted recording was closed. */
	onRecovered?(number: number): void;
	/** A card was read in, for the first time or again: its event log may be used; undefined: not any more. */
	onLogArea?(area: LogArea | undefined): void;
}

/** What a writer tells its owner. Never invoked inside a method. */
export interface WriterEvents {
	/** Staging has room again after `write` took less than it was given. */
	onRoom(): void;
	/** Everything up to `bytes` is safe against a power cut. */
	onSafe(bytes: number): void;
	/** The recording cannot be continued; what is safe is kept. Nothing more is written; `close` it. */
	onFault(fault: CardFault): void;
}

/**
 * An open recording: segments of bytes appended one after the other. Allocates nothing per call.
 */
export interface RecordingWriter {
	/** Its number. */
	readonly number: number;
	/** Bytes in finished segments. */
	readonly bytes: number;
	/** Whether it still accepts bytes. */
	readonly live: boolean;
	/**
	 * Begins a segment of exactly `bytes` bytes.
	 * @param notes - offset in media memory of 12 words that are kept with it: running totals of the owner, given to
	 * `describeInterrupted` should the recording be cut off after it
	 * @returns false when the card has no room for it: the recording should be closed
	 */
	beginSegment(bytes: number, notes: number): boolean;
	/**
	 * Copies bytes of media memory into the open segment.
	 * @returns bytes taken; fewer when staging is full: go on after `onRoom`
	 */
	write(at: number, length: number): number;
	/** Ends the segment: it is written, and a flush is requested that makes it safe against a power cut. */
	seal(): void;
	/**
	 * Ends the recording after the last sealed segment; after a fault, after the last safe one.
	 * @param describe - makes the final metadata (at most `MAX_METADATA_BYTES`)
	 * @param onClosed - `closed`: it is safe on the card; otherwise it could not be written, and the recording is
	 * closed as interrupted when the card is mounted the next time
	 */
	close(
		describe: (bytes: number, sha256: Uint8Array) => Uint8Array,
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
	 * Reads bytes of a recording into media memory.
	 * @returns bytes read; 0 at the end
	 * @throws {StoreError} when there is no such recording or the card fails
	 */
	read(number: number, offset: number, length: number, to: number): Promise<number>;
	/** Idempotent; nothing is called afterwards. */
	close(): void;
}

/** What a request to the store failed of. */
export type StoreErrorCode = CardFault | "not-ready" | "busy" | "no-such-recording" | "damaged" | "too-long";

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
