import { Status } from "@bodycam/protocol/board/records";
import { type CloseEntry, fitsEntry } from "@bodycam/protocol/card/journal-entry";
import type { MediaRegion } from "../hal/media-memory.ts";
import { cardError, Operation } from "./card-queue.ts";
import { RowState } from "./catalog.ts";
import type { Journal } from "./journal.ts";
import { type Remains, type SurveyContext, survey } from "./recovery.ts";
import type { SegmentReader } from "./segment-reader.ts";
import type { Closing, ExtentStoreOptions } from "./store-interface.ts";

/** Bytes through which the record of an interrupted recording is read. */
export const RECORD_BUFFER_BYTES = 4096;

/** What closing interrupted recordings needs. */
export interface InterruptedCloserContext extends SurveyContext {
	/** The journal. */
	readonly journal: Journal;
	/** Reads what is whole. */
	readonly reader: SegmentReader;
	/** `RECORD_BUFFER_BYTES`. */
	readonly buffer: MediaRegion;
	/** See `ExtentStoreOptions`. */
	readonly onDamaged: (number: number) => void;
	/** See `ExtentStoreOptions`. */
	readonly describe: ExtentStoreOptions["describeInterrupted"];
}

/** A mounted card: closing ends early when it is no longer the one in use. */
export interface CardSession {
	/** Whether it is in use. */
	current(): boolean;
	/** Settles when it is not any more. */
	readonly ended: Promise<undefined>;
	/** Whether it refuses writes. */
	readonly readOnly: boolean;
}

/**
 * Closes what a power cut has left open, the oldest first; new recordings need not wait for it.
 * @param onClosed - called with the number of each recording that is closed on the card
 * @throws {StoreError} when the card fails
 */
export async function closeInterrupted(
	context: InterruptedCloserContext,
	session: CardSession,
	onClosed: (number: number) => void,
): Promise<void> {
	const { catalog, journal, queue } = context;
	const count = catalog.count();
	for (let index = 0; index < count && session.current(); index++) {
		const row = catalog.at(index);
		if (row?.state !== RowState.unfinished) continue;
		const { number } = row;
		const remains = await survey(context, number);
		if (!session.current()) return;
		catalog.grow(number, remains.bytes, remains.recordBytes);
		if (remains.unreadable) {
			// Closed now, it would end where the card can perhaps be read another time.
			catalog.interrupt(number);
			context.onDamaged(number);
		}
		if (session.readOnly || remains.unreadable) continue;
		const { body: opening } = await journal.load(row.openSector);
		if (!session.current() || opening.kind !== "open") return;
		const closing = await describe(context, session, number, opening.metadata, remains);
		if (!session.current()) return;
		if (closing === undefined) {
			catalog.interrupt(number);
			continue;
		}
		const body = closeEntry(remains, closing, opening.metadata);
		const status = await new Promise<number>((resolve) => {
			const { sector, crc } = journal.append(number, body, resolve);
			catalog.apply(number, body, sector, crc);
		});
		if (status !== Status.ok) throw cardError(Operation.write, status);
		await queue.flush();
		if (session.current()) onClosed(number);
	}
}

/** What does not fit is left out: the card must not be in the way for ever. */
function closeEntry(remains: Remains, { metadata, record }: Closing, opening: Uint8Array): CloseEntry {
	const { bytes, recordBytes, segments, end, sha256 } = remains;
	const facts = { kind: "close", bytes, recordBytes, end, segments, interrupted: true, sha256 } as const;
	const whole = { ...facts, metadata, record };
	return fitsEntry(whole) ? whole : { ...facts, metadata: opening, record: new Uint8Array(0) };
}

/** Metadata that another firmware has written and this one cannot read is kept as it is. */
async function describe(
	context: InterruptedCloserContext,
	session: CardSession,
	number: number,
	opening: Uint8Array,
	remains: Remains,
): Promise<Closing | undefined> {
	const { bytes, sha256, segments, recordBytes, lastRecordBytes, cutBytes, cutRecordBytes, notes } = remains;
	const described = context.describe({
		number,
		opening,
		bytes,
		sha256,
		segments,
		recordBytes,
		lastRecordBytes,
		cutBytes,
		cutRecordBytes,
		notes,
		readRecord: recordReader(context, number),
	});
	try {
		return await Promise.race([described, session.ended]);
	} catch {
		return { metadata: opening, record: new Uint8Array(0) };
	}
}

function recordReader(
	{ reader, memory, buffer }: InterruptedCloserContext,
	number: number,
): (offset: number, length: number) => Promise<Uint8Array> {
	let last: Promise<unknown> = Promise.resolve();
	async function readNow(offset: number, length: number): Promise<Uint8Array> {
		const bytes = new Uint8Array(length);
		let taken = 0;
		while (taken < length) {
			const wanted = Math.min(length - taken, buffer.bytes);
			const read = await reader.read("custody", number, offset + taken, wanted, buffer.at);
			if (read === 0) break;
			bytes.set(new Uint8Array(memory.memory, buffer.at, read), taken);
			taken += read;
		}
		return bytes.slice(0, taken);
	}
	return (offset, length) => {
		const run = last.then(() => readNow(offset, length));
		last = run.catch(() => undefined);
		return run;
	};
}
