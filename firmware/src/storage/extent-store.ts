import { Status } from "@bodycam/protocol/board/records";
import { MAX_RECEIPT } from "@bodycam/protocol/card/journal-entry";
import { SECTOR, type Superblock } from "@bodycam/protocol/card/superblock";
import { cardError, createCardQueue, Operation } from "./card-queue.ts";
import { createCatalog, type Row, RowState } from "./catalog.ts";
import { type CardSession, closeInterrupted, RECORD_BUFFER_BYTES } from "./interrupted-closer.ts";
import { createJournal, JOURNAL_BYTES } from "./journal.ts";
import { createLogArea } from "./log-area.ts";
import { formatCard, mountCard } from "./mount.ts";
import { createRecordingWriter, LEAST_SECTORS } from "./recording-writer.ts";
import { createSegmentReader } from "./segment-reader.ts";
import { WRITER_BYTES } from "./segment-writer.ts";
import {
	type CardFault,
	type Closing,
	type ExtentStore,
	type ExtentStoreOptions,
	type StoredRecording,
	StoreError,
	type StoreErrorCode,
	type StoreStatus,
} from "./store-interface.ts";

/** Bytes read at once while mounting and recovering. */
const SCRATCH_BYTES = 64 * 1024 + 256;

/** A card that failed is tried again after this time, µs. */
const RETRY = 5_000_000;

const FAULTS: readonly string[] = [
	"absent",
	"read-only",
	"full",
	"write-error",
	"read-error",
	"unknown-format",
];

function faultOf(code: StoreErrorCode): CardFault {
	return FAULTS.includes(code) ? (code as CardFault) : "read-error";
}

const STATES: Readonly<Record<number, StoredRecording["state"]>> = {
	[RowState.complete]: "complete",
	[RowState.interrupted]: "interrupted",
	[RowState.erased]: "erased",
};

function lineOf({ number, state, bytes, recordBytes, closingBytes }: Row): StoredRecording {
	return { number, state: STATES[state] ?? "recording", bytes, recordBytes: recordBytes + closingBytes };
}

/** Creates the store and opens the card; it mounts a card as soon as there is one. */
export function createExtentStore(options: ExtentStoreOptions): ExtentStore {
	const { memory, work } = options;
	const bytes = {
		view: new DataView(memory.memory),
		crc32: (at: number, length: number, seed?: number) => memory.crc32(at, length, seed),
	};
	const journalWork = { at: work.at, bytes: JOURNAL_BYTES };
	const writerWork = { at: journalWork.at + JOURNAL_BYTES, bytes: WRITER_BYTES };
	const scratch = { at: writerWork.at + WRITER_BYTES, bytes: SCRATCH_BYTES };
	const recordBuffer = { at: scratch.at + SCRATCH_BYTES, bytes: RECORD_BUFFER_BYTES };
	const windowAt = recordBuffer.at + RECORD_BUFFER_BYTES;
	const window = { at: windowAt, bytes: work.at + work.bytes - windowAt };
	/** Recordings that are being erased. */
	const erasing = new Set<number>();

	let session = 0;
	let endSession: (() => void) | undefined;
	let state: StoreStatus["state"] = "absent";
	let fault: CardFault | undefined = "absent";
	let stalled = false;
	let recovering = false;
	let cardSectors = 0;
	let cardReadOnly = false;
	let superblock: Superblock | undefined;
	let background: Promise<void> = Promise.resolve();
	let closed = false;

	const queue = createCardQueue({
		timers: options.timers,
		openCard: options.openCard,
		onInserted(sectors, readOnly) {
			cardSectors = sectors;
			cardReadOnly = readOnly;
			mount();
		},
		onRemoved() {
			leaveSession();
			cardSectors = 0;
			forget();
			retryTimer.stop();
			enter("absent", "absent");
			writer.removed();
		},
		onStall(isStalled) {
			stalled = isStalled;
			tell();
		},
	});
	const catalog = createCatalog(memory, options.catalog);
	const journal = createJournal(queue, bytes, journalWork, scratch);
	const reader = createSegmentReader(memory, bytes, queue, catalog, window);
	const writer = createRecordingWriter({
		memory,
		queue,
		catalog,
		journal,
		staging: options.staging,
		work: writerWork,
		next: nextNumber,
		onFault: (kind) => enter(kind === "absent" ? "absent" : "fault", kind),
		onClosed(ok) {
			reader.reset(cardSectors);
			if (state !== "ready" && state !== "fault") return;
			if (!ok) retryTimer.start(RETRY);
			else if (!hasRoom()) enter("fault", "full");
			else enter("ready", undefined);
		},
	});
	const retryTimer = options.timers.create(() => {
		if (writer.busy()) retryTimer.start(RETRY);
		else if (cardSectors > 0) mount();
	});

	function status(): StoreStatus {
		return {
			state,
			fault: state === "ready" && stalled ? "stalled" : fault,
			cardBytes: cardSectors * SECTOR,
			freeBytes: superblock ? catalog.freeSectors() * SECTOR : 0,
			recordings: superblock ? catalog.present() : 0,
			next: nextNumber(),
			recovering,
		};
	}

	function nextNumber(): number {
		return Math.max(superblock ? catalog.last() : 0, options.newestNumber?.() ?? 0) + 1;
	}

	/** What is under way on the card ends early. */
	function leaveSession(): number {
		session++;
		const end = endSession;
		endSession = undefined;
		end?.();
		return session;
	}

	function tell(): void {
		if (!closed) options.onStatus?.(status());
	}

	function enter(newState: StoreStatus["state"], newFault: CardFault | undefined): void {
		if (state === newState && fault === newFault) return;
		state = newState;
		fault = newFault;
		tell();
	}

	/** Runs one thing on the card after the other; a newer session makes an older one end early. */
	function inBackground(run: (id: number) => Promise<void>): Promise<void> {
		const id = leaveSession();
		const done = background.then(async () => {
			if (id === session) await run(id);
		});
		background = done.catch((error: unknown) => {
			if (id !== session || closed) return;
			recovering = false;
			if (!(error instanceof StoreError)) throw error;
			enter("fault", faultOf(error.code));
			if (error.code === "write-error" || error.code === "read-error") retryTimer.start(RETRY);
		});
		return done;
	}

	function mount(): void {
		enter("mounting", undefined);
		const context = { queue, memory, bytes, scratch };
		inBackground(async (id) => {
			const ended = new Promise<undefined>((resolve) => {
				endSession = () => resolve(undefined);
			});
			forget();
			const found = await mountCard(context, cardSectors, cardReadOnly, options.createIdentity);
			await readIn(found);
			if (id !== session) return;
			options.onLogArea?.(createLogArea(queue, found, cardReadOnly));
			// Set before the card counts as ready: a card that failed is not taken for good before this is done.
			recovering = unfinished();
			if (cardReadOnly) enter("fault", "read-only");
			else if (!hasRoom()) enter("fault", "full");
			else enter("ready", undefined);
			await recover(id, ended);
		}).catch(() => undefined);
	}

	function forget(): void {
		if (superblock) options.onLogArea?.(undefined);
		superblock = undefined;
	}

	async function readIn(found: Superblock): Promise<void> {
		const end = Math.min(found.sectors, cardSectors);
		catalog.reset(found.dataStart, end, found.extentSectors);
		reader.reset(cardSectors);
		await journal.scan(found, (entry, sector) => catalog.apply(entry.number, entry.body, sector, entry.crc));
		superblock = found;
	}

	function hasRoom(): boolean {
		if (!catalog.hasRoom() || !journal.hasRoom(catalog.present())) return false;
		return catalog.allot(LEAST_SECTORS, -1, -1).sectors > 0;
	}

	function unfinished(): boolean {
		for (let index = 0; index < catalog.count(); index++)
			if (catalog.at(index)?.state === RowState.unfinished) return true;
		return false;
	}

	async function recover(id: number, ended: Promise<undefined>): Promise<void> {
		const context = {
			queue,
			memory,
			bytes,
			catalog,
			journal,
			reader,
			work: scratch,
			buffer: recordBuffer,
			describe: options.describeInterrupted,
		};
		const card: CardSession = { current: () => id === session, ended, readOnly: cardReadOnly };
		await closeInterrupted(context, card, (number) => options.onRecovered?.(number));
		if (id === session && recovering) {
			recovering = false;
			tell();
		}
	}

	function line(number: number): StoredRecording | undefined {
		const row = catalog.row(number);
		return row === undefined ? undefined : lineOf(row);
	}

	function requireRow(number: number): Row {
		requireCard();
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

	/** The last items of its record. */
	async function closingOf(row: Row): Promise<Closing | undefined> {
		if (row.metadataSector === row.openSector) return undefined;
		const { body } = await journal.load(row.metadataSector);
		if (body.kind !== "close")
			throw new StoreError("damaged", `the end of recording ${row.number} is damaged`);
		return { metadata: body.metadata, record: body.record };
	}

	function requireCard(): void {
		if (state === "absent") throw new StoreError("absent", "there is no memory card");
		if (!superblock) throw new StoreError(fault ?? "not-ready", "the memory card is not ready");
	}

	return {
		status,
		open(metadata, events) {
			if (state === "mounting") throw new StoreError("not-ready", "the memory card is being read in");
			if (state !== "ready") throw new StoreError(fault ?? "not-ready", `the memory card fails: ${fault}`);
			if (writer.busy()) throw new StoreError("busy", "another recording is open");
			if (!hasRoom()) throw new StoreError("full", "the memory card is full");
			return writer.open(metadata, events);
		},
		async format() {
			if (cardSectors === 0) throw new StoreError("absent", "there is no memory card");
			if (cardReadOnly) throw new StoreError("read-only", "the memory card refuses writes");
			if (writer.busy()) throw new StoreError("busy", "a recording is open");
			await inBackground(async (id) => {
				forget();
				const context = { queue, memory, bytes, scratch };
				const made = await formatCard(context, cardSectors, options.createIdentity());
				await readIn(made);
				if (id !== session) return;
				options.onLogArea?.(createLogArea(queue, made, false));
				enter("ready", undefined);
			});
			if (!superblock) throw new StoreError("absent", "the memory card was taken out");
		},
		list(first, max) {
			requireCard();
			const found: StoredRecording[] = [];
			for (let index = catalog.indexOf(first); found.length < max; index++) {
				const row = catalog.at(index);
				if (row === undefined) break;
				found.push(lineOf(row));
			}
			return found;
		},
		find(number) {
			requireCard();
			return line(number);
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
			const { state: kind, receiptSector } = requireRow(number);
			if (kind !== RowState.erased) return undefined;
			const { body } = await journal.load(receiptSector);
			if (body.kind !== "erase")
				throw new StoreError("damaged", `the receipt of recording ${number} is damaged`);
			return body.receipt;
		},
		async read(number, offset, length, to) {
			requireContent(number);
			return reader.read("age", number, offset, length, to);
		},
		async readRecord(number, offset, length, to) {
			const row = requireContent(number);
			const inSegments = Math.min(length, row.recordBytes - offset);
			const taken = inSegments > 0 ? await reader.read("custody", number, offset, inSegments, to) : 0;
			const from = offset + taken - row.recordBytes;
			if (taken === length || from < 0 || from >= row.closingBytes) return taken;
			const end = (await closingOf(row))?.record.subarray(from, from + length - taken) ?? new Uint8Array(0);
			new Uint8Array(memory.memory, to + taken, end.length).set(end);
			return taken + end.length;
		},
		async erase(number, receipt) {
			const { state: kind } = requireContent(number);
			if (cardReadOnly) throw new StoreError("read-only", "the memory card refuses writes");
			if (kind === RowState.unfinished || erasing.has(number))
				throw new StoreError("busy", `recording ${number} is not closed yet`);
			if (receipt.length > MAX_RECEIPT) throw new StoreError("too-long", "the receipt is too long");
			const id = session;
			erasing.add(number);
			try {
				const body = { kind: "erase", receipt } as const;
				let place = { sector: 0, crc: 0 };
				const status = await new Promise<number>((resolve) => {
					place = journal.append(number, body, resolve);
				});
				if (status !== Status.ok) throw cardError(Operation.write, status);
				// Its place may be written to only when it is certain that it counts as erased.
				await queue.flush();
				if (id !== session) throw new StoreError("absent", "the memory card was taken out");
				catalog.apply(number, body, place.sector, place.crc);
				reader.reset(cardSectors);
				if (state === "fault" && fault === "full" && !writer.busy() && hasRoom()) enter("ready", undefined);
			} finally {
				erasing.delete(number);
			}
		},
		close() {
			if (closed) return;
			closed = true;
			leaveSession();
			retryTimer.close();
			queue.close();
		},
	};
}
