import { Status } from "@bodycam/protocol/board/records";
import { type CloseEntry, type EntryBody, MAX_RECEIPT } from "@bodycam/protocol/card/journal-entry";
import type { MediaMemory } from "../hal/media-memory.ts";
import { type CardQueue, cardError, Operation } from "./card-queue.ts";
import { type Catalog, type Row, RowState } from "./catalog.ts";
import type { Journal } from "./journal.ts";
import type { Part, SegmentReader } from "./segment-reader.ts";
import { type Closing, type ExtentStore, type StoredRecording, StoreError } from "./store-interface.ts";

/** What access to recordings needs. */
export interface RecordingAccessContext {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** The card. */
	readonly queue: CardQueue;
	/** The list of recordings. */
	readonly catalog: Catalog;
	/** The journal. */
	readonly journal: Journal;
	/** Reads segments. */
	readonly reader: SegmentReader;
	/** Another number whenever another card is read in. @throws {StoreError} when there is none that can be used */
	session(): number;
	/** Whether the card refuses writes. */
	readOnly(): boolean;
	/** A segment cannot be read. */
	onDamaged(number: number): void;
	/** A recording was erased: what was kept of the card's contents is out of date. */
	onErased(): void;
}

/** Looks up, reads and erases recordings; see `ExtentStore`. */
export type RecordingAccess = Pick<
	ExtentStore,
	"list" | "find" | "metadata" | "closing" | "receipt" | "read" | "readRecord" | "amend" | "erase"
>;

const STATES: Readonly<Record<number, StoredRecording["state"]>> = {
	[RowState.complete]: "complete",
	[RowState.interrupted]: "interrupted",
	[RowState.erased]: "erased",
};

function lineOf({ number, state, bytes, recordBytes, closingBytes }: Row): StoredRecording {
	return { number, state: STATES[state] ?? "recording", bytes, recordBytes: recordBytes + closingBytes };
}

/** Creates access to the recordings of the card that is read in. */
export function createRecordingAccess(context: RecordingAccessContext): RecordingAccess {
	const { memory, queue, catalog, journal, reader } = context;
	/** Recordings that are being amended or erased. */
	const changing = new Set<number>();

	function requireRow(number: number): Row {
		context.session();
		const row = catalog.row(number);
		if (!row) throw new StoreError("no-such-recording", `there is no recording ${number}`);
		return row;
	}

	function requireContent(number: number): Row {
		const row = requireRow(number);
		if (row.state === RowState.erased)
			throw new StoreError("erased", `recording ${number} has been erased after its archive gave a receipt`);
		return row;
	}

	/** What the journal says of its end. */
	async function closeEntryOf({ number, metadataSector }: Row): Promise<CloseEntry> {
		const { body } = await journal.load(metadataSector);
		if (body.kind !== "close") throw new StoreError("damaged", `the end of recording ${number} is damaged`);
		return body;
	}

	/** The last items of its record. */
	async function closingOf(row: Row): Promise<Closing | undefined> {
		if (row.metadataSector === row.openSector) return undefined;
		const { metadata, record } = await closeEntryOf(row);
		return { metadata, record };
	}

	/** Reads of a segment, and tells when it is damaged. */
	async function readPart(
		part: Part,
		number: number,
		offset: number,
		length: number,
		to: number,
	): Promise<number> {
		try {
			return await reader.read(part, number, offset, length, to);
		} catch (error) {
			if (error instanceof StoreError && (error.code === "read-error" || error.code === "damaged"))
				context.onDamaged(number);
			throw error;
		}
	}

	/** Writes another journal entry about a recording that is closed. What it says holds once it is certain to stay. */
	async function change(number: number, entry: (row: Row) => Promise<EntryBody>): Promise<void> {
		const row = requireContent(number);
		if (context.readOnly()) throw new StoreError("read-only", "the memory card refuses writes");
		if (row.metadataSector === row.openSector || row.state === RowState.unfinished || changing.has(number))
			throw new StoreError("busy", `recording ${number} is not closed yet`);
		const session = context.session();
		changing.add(number);
		try {
			const body = await entry(row);
			let place = { sector: 0, crc: 0 };
			const status = await new Promise<number>((resolve) => {
				place = journal.append(number, body, resolve);
			});
			if (status !== Status.ok) throw cardError(Operation.write, status);
			await queue.flush();
			if (context.session() !== session) throw new StoreError("absent", "the memory card was taken out");
			catalog.apply(number, body, place.sector, place.crc);
		} finally {
			changing.delete(number);
		}
	}

	return {
		list(first, max) {
			context.session();
			const found: StoredRecording[] = [];
			for (let index = catalog.indexOf(first); found.length < max; index++) {
				const row = catalog.at(index);
				if (row === undefined) break;
				found.push(lineOf(row));
			}
			return found;
		},
		find(number) {
			context.session();
			const row = catalog.row(number);
			return row === undefined ? undefined : lineOf(row);
		},
		async metadata(number) {
			const { body } = await journal.load(requireRow(number).metadataSector);
			if (body.kind !== "open" && body.kind !== "close")
				throw new StoreError("damaged", `recording ${number} has no metadata`);
			return body.metadata;
		},
		async closing(number) {
			return closingOf(requireRow(number));
		},
		async receipt(number) {
			const { state, receiptSector } = requireRow(number);
			if (state !== RowState.erased) return undefined;
			const { body } = await journal.load(receiptSector);
			if (body.kind !== "erase")
				throw new StoreError("damaged", `the receipt of recording ${number} is damaged`);
			return body.receipt;
		},
		async read(number, offset, length, to) {
			requireContent(number);
			return readPart("age", number, offset, length, to);
		},
		async readRecord(number, offset, length, to) {
			const row = requireContent(number);
			const inSegments = Math.min(length, row.recordBytes - offset);
			const taken = inSegments > 0 ? await readPart("custody", number, offset, inSegments, to) : 0;
			const from = offset + taken - row.recordBytes;
			if (taken === length || from < 0 || from >= row.closingBytes) return taken;
			const end = (await closingOf(row))?.record.subarray(from, from + length - taken) ?? new Uint8Array(0);
			new Uint8Array(memory.memory, to + taken, end.length).set(end);
			return taken + end.length;
		},
		async amend(number, amended) {
			await change(number, async (row) => {
				const body = await closeEntryOf(row);
				if (!journal.hasRoomToGo(catalog.present())) throw new StoreError("full", "the journal is full");
				return { ...body, ...amended({ metadata: body.metadata, record: body.record }) };
			});
		},
		async erase(number, receipt) {
			if (receipt.length > MAX_RECEIPT) throw new StoreError("too-long", "the receipt is too long");
			await change(number, async () => ({ kind: "erase", receipt }));
			context.onErased();
		},
	};
}
