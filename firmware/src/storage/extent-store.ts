import { SECTOR, type Superblock } from "@bodycam/protocol/card/superblock";
import { createCardMeter } from "./card-meter.ts";
import { createCardQueue } from "./card-queue.ts";
import { createCatalog, RowState } from "./catalog.ts";
import { type CardSession, closeInterrupted, RECORD_BUFFER_BYTES } from "./interrupted-closer.ts";
import { createJournal, JOURNAL_BYTES } from "./journal.ts";
import { createLogArea } from "./log-area.ts";
import { formatCard, mountCard } from "./mount.ts";
import { createRecordingAccess } from "./recording-access.ts";
import { createRecordingWriter, LEAST_SECTORS } from "./recording-writer.ts";
import { createSegmentReader } from "./segment-reader.ts";
import { WRITER_BYTES } from "./segment-writer.ts";
import {
	type CardFault,
	type ExtentStore,
	type ExtentStoreOptions,
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

	const meter = createCardMeter(options.timers);
	const queue = createCardQueue({
		timers: options.timers,
		meter,
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
		meter,
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
	const access = createRecordingAccess({
		memory,
		queue,
		catalog,
		journal,
		reader,
		session: requireCard,
		readOnly: () => cardReadOnly,
		onDamaged,
		onErased() {
			reader.reset(cardSectors);
			if (state === "fault" && fault === "full" && !writer.busy() && hasRoom()) enter("ready", undefined);
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
			writing: meter.figures(options.staging.bytes),
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

	function onDamaged(number: number): void {
		if (!closed) options.onDamaged?.(number);
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
			onDamaged,
			describe: options.describeInterrupted,
		};
		const card: CardSession = { current: () => id === session, ended, readOnly: cardReadOnly };
		await closeInterrupted(context, card, (number) => options.onRecovered?.(number));
		if (id === session && recovering) {
			recovering = false;
			tell();
		}
	}

	function requireCard(): number {
		if (state === "absent") throw new StoreError("absent", "there is no memory card");
		if (!superblock) throw new StoreError(fault ?? "not-ready", "the memory card is not ready");
		return session;
	}

	return {
		...access,
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
		close() {
			if (closed) return;
			closed = true;
			leaveSession();
			retryTimer.close();
			queue.close();
		},
	};
}
