import { Status } from "@bodycam/protocol/board/records";
import { segmentStride } from "@bodycam/protocol/card/segment";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { CardMeter } from "./card-meter.ts";
import { type CardQueue, cardError, Operation } from "./card-queue.ts";
import type { Catalog } from "./catalog.ts";
import type { Journal } from "./journal.ts";
import { createSegmentWriter } from "./segment-writer.ts";
import {
	type CardFault,
	type Closing,
	LAST_SEGMENT_BYTES,
	type RecordingWriter,
	StoreError,
	type WriterEvents,
} from "./store-interface.ts";

/** Number in entries that are about no recording. */
const NO_RECORDING = 0;

/** Sectors that count as worn when one cannot be written: what cards erase at once, 4 MiB. */
const WORN_SECTORS = 8192;

/** Sectors kept for the last segment of a recording. */
const SPARE = segmentStride(LAST_SEGMENT_BYTES);

/** Sectors a new recording must find: the last segment, and 512 KiB before it. */
export const LEAST_SECTORS = SPARE + 1024;

/** What the writer of recordings works with. */
export interface RecordingWriterContext {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** The card. */
	readonly queue: CardQueue;
	/** The list of recordings. */
	readonly catalog: Catalog;
	/** The journal. */
	readonly journal: Journal;
	/** Staging blocks. */
	readonly staging: MediaRegion;
	/** `WRITER_BYTES`. */
	readonly work: MediaRegion;
	/** Measures what the card does. */
	readonly meter: CardMeter;
	/** Number of the next recording. */
	next(): number;
	/** The open recording cannot go on. */
	onFault(fault: CardFault): void;
	/** The recording is no longer open; `ok`: it is closed on the card. */
	onClosed(ok: boolean): void;
}

/** Opens recordings, one at a time. */
export interface RecordingWriters {
	/** Whether one is open or being closed. */
	busy(): boolean;
	/** Opens the next. @throws {StoreError} when there is no room */
	open(metadata: Uint8Array, events: WriterEvents): RecordingWriter;
	/** The card is gone: what is open cannot be closed any more. */
	removed(): void;
}

/** Creates the writer of recordings. */
export function createRecordingWriter(context: RecordingWriterContext): RecordingWriters {
	const { memory, queue, catalog, journal, meter } = context;
	let number = 0;
	let events: WriterEvents | undefined;
	let live = false;
	let gone = false;
	let unopened = false; // not even the entry that opens it could be written
	let worn: { readonly start: number; readonly sectors: number } | undefined; // a place that cannot be written
	let whenSettled: (() => void) | undefined;

	function fail(fault: CardFault): void {
		if (!live) return;
		live = false;
		segments.abort();
		context.onFault(fault);
		events?.onFault(fault);
	}

	function onEntry(status: number): void {
		if (status !== Status.ok) fail(cardError(Operation.write, status).code as CardFault);
	}

	const segments = createSegmentWriter(memory, queue, context.staging, context.work, {
		allot(sectors, segment, offset, recordOffset) {
			const room = catalog.allot(sectors, segments.place(), segments.limit());
			if (room.sectors === 0 || !catalog.hasRoom() || !journal.hasRoomToGo(catalog.present())) return -1;
			const { start } = room;
			const body = { kind: "extent", start, sectors: room.sectors, segment, offset, recordOffset } as const;
			try {
				const { sector, crc } = journal.append(number, body, onEntry);
				catalog.apply(number, body, sector, crc);
			} catch (error) {
				if (!(error instanceof StoreError)) throw error;
				return -1;
			}
			segments.extend(start + room.sectors);
			return start;
		},
		onRoom: () => events?.onRoom(),
		onSafe(bytes, recordBytes, count) {
			if (live) catalog.grow(number, bytes, recordBytes);
			events?.onSafe(bytes, count);
		},
		onFill: meter.filled,
		onError(operation, status, sector, count) {
			const { code } = cardError(operation, status);
			if (code === "write-error" && count > 0)
				worn = { start: sector, sectors: Math.max(count, WORN_SECTORS) };
			fail(code as CardFault);
		},
		onSettled() {
			const run = whenSettled;
			whenSettled = undefined;
			run?.();
		},
	});

	function finish(
		describe: (bytes: number, sha256: Uint8Array, segments: number) => Closing,
		onClosed: (closed: boolean) => void,
	): void {
		const { bytes, recordBytes, segments: count, end, sha256 } = segments.finish();
		const done = (ok: boolean) => {
			live = false;
			events = undefined;
			meter.stop();
			context.onClosed(ok);
			onClosed(ok);
		};
		if (unopened && !gone) catalog.forgetLast();
		if (gone || unopened) {
			done(false);
			return;
		}
		const { metadata, record } = describe(bytes, sha256, count);
		const body = {
			kind: "close",
			bytes,
			recordBytes,
			end,
			segments: count,
			interrupted: false,
			sha256,
			metadata,
			record,
		} as const;
		let written: number = Status.ok;
		let place: ReturnType<Journal["append"]>;
		try {
			place = journal.append(number, body, (status) => {
				written = status;
			});
		} catch (error) {
			if (!(error instanceof StoreError)) throw error;
			// It is closed as interrupted when the card is read in again.
			done(false);
			return;
		}
		const { sector, crc } = place;
		const flushed = (_id: number, status: number) => {
			const ok = status === Status.ok && written === Status.ok;
			if (ok) {
				catalog.apply(number, body, sector, crc);
				avoid();
			}
			done(ok);
		};
		queue.submit(Operation.flush, 0, 0, 0, flushed, 0);
	}

	/** Keeps the place that failed from being used again, by the next recording above all. */
	function avoid(): void {
		const place = worn;
		worn = undefined;
		if (place === undefined || !journal.hasRoomToGo(catalog.present())) return;
		const body = { kind: "worn", ...place } as const;
		// Should that fail too, the place is found out again after the next boot.
		const { sector, crc } = journal.append(NO_RECORDING, body, () => undefined);
		catalog.apply(NO_RECORDING, body, sector, crc);
	}

	return {
		busy: () => events !== undefined,
		open(metadata, newEvents) {
			const room = catalog.allot(LEAST_SECTORS, -1, -1);
			if (room.sectors === 0) throw new StoreError("full", "the memory card is full");
			const body = { kind: "open", start: room.start, sectors: room.sectors, metadata } as const;
			number = context.next();
			const { sector, crc } = journal.append(number, body, (status) => {
				unopened = status !== Status.ok;
				onEntry(status);
			});
			catalog.apply(number, body, sector, crc);
			segments.start(number, room.start, room.start + room.sectors, crc);
			events = newEvents;
			live = true;
			gone = unopened = false;
			worn = undefined;
			meter.start();
			let closing = false;
			const own = number;
			return {
				number: own,
				get bytes() {
					return segments.bytes();
				},
				get segments() {
					return segments.segments();
				},
				get live() {
					return live && !closing;
				},
				beginSegment(length, recordLength, notes) {
					return live && !closing && segments.begin(length, recordLength, notes, SPARE);
				},
				beginLastSegment(length, recordLength, notes) {
					return live && !closing && segments.begin(length, recordLength, notes, 0);
				},
				write: (at, length) => (live && !closing ? segments.write(at, length) : 0),
				seal() {
					if (live && !closing) segments.seal();
				},
				close(describe, onClosed) {
					if (closing) return;
					closing = true;
					whenSettled = () => finish(describe, onClosed);
					segments.settle();
				},
			};
		},
		removed() {
			gone = true;
			fail("absent");
		},
	};
}
