import { Status } from "@bodycam/protocol/board/records";
import { SECTOR, type Superblock } from "@bodycam/protocol/card/superblock";
import { cardError, createCardQueue, Operation } from "./card-queue.ts";
import { createCatalog, RowState } from "./catalog.ts";
import { createJournal, JOURNAL_BYTES } from "./journal.ts";
import { createLogArea } from "./log-area.ts";
import { formatCard, mountCard } from "./mount.ts";
import { createRecordingWriter } from "./recording-writer.ts";
import { type Remains, survey } from "./recovery.ts";
import { createSegmentReader } from "./segment-reader.ts";
import { WRITER_BYTES } from "./segment-writer.ts";
import {
	type CardFault,
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
	const window = { at: scratch.at + SCRATCH_BYTES, bytes: work.at + work.bytes - scratch.at - SCRATCH_BYTES };

	let session = 0;
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
			session++;
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
			recordings: superblock ? catalog.last() : 0,
			next: superblock ? catalog.last() + 1 : 1,
			recovering,
		};
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
		const id = ++session;
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
			await recover(id);
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
		return catalog.hasRoom() && journal.hasRoom() && catalog.allot(256, -1, -1).sectors > 0;
	}

	function unfinished(): boolean {
		for (let number = 1; number <= catalog.last(); number++) {
			if (catalog.row(number)?.state === RowState.unfinished) return true;
		}
		return false;
	}

	/** Closes what a power cut has left open, the oldest first; new recordings need not wait for it. */
	async function recover(id: number): Promise<void> {
		const last = catalog.last();
		for (let number = 1; number <= last && id === session; number++) {
			const row = catalog.row(number);
			if (row?.state !== RowState.unfinished) continue;
			const remains = await survey({ queue, memory, bytes, catalog, work: scratch }, number);
			if (id !== session) return;
			catalog.grow(number, remains.bytes);
			if (cardReadOnly) continue;
			const { body: opening } = await journal.load(row.openSector);
			if (id !== session || opening.kind !== "open") return;
			const { bytes: kept, segments, end, sha256 } = remains;
			const metadata = describe(opening.metadata, remains);
			const body = {
				kind: "close",
				bytes: kept,
				end,
				segments,
				interrupted: true,
				sha256,
				metadata,
			} as const;
			const status = await new Promise<number>((resolve) => {
				const { sector, crc } = journal.append(number, body, resolve);
				catalog.apply(number, body, sector, crc);
			});
			if (status !== Status.ok) throw cardError(Operation.write, status);
			await queue.flush();
			if (id !== session) return;
			options.onRecovered?.(number);
		}
		if (recovering) {
			recovering = false;
			tell();
		}
	}

	/** Metadata that another firmware has written and this one cannot read is kept as it is. */
	function describe(opening: Uint8Array, { bytes: kept, sha256, notes }: Remains): Uint8Array {
		try {
			return options.describeInterrupted(opening, kept, sha256, notes);
		} catch {
			return opening;
		}
	}

	function line(number: number): StoredRecording | undefined {
		const row = catalog.row(number);
		if (!row) return undefined;
		const { state: kind, bytes: length } = row;
		if (kind === RowState.complete) return { number, state: "complete", bytes: length };
		return { number, state: kind === RowState.interrupted ? "interrupted" : "recording", bytes: length };
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
			for (let number = Math.max(1, first); number <= catalog.last() && found.length < max; number++) {
				const entry = line(number);
				if (entry) found.push(entry);
			}
			return found;
		},
		find(number) {
			requireCard();
			return line(number);
		},
		async metadata(number) {
			requireCard();
			const row = catalog.row(number);
			if (!row) throw new StoreError("no-such-recording", `there is no recording ${number}`);
			const { body } = await journal.load(row.metadataSector);
			if (body.kind === "extent") throw new StoreError("damaged", `recording ${number} has no metadata`);
			return body.metadata;
		},
		async read(number, offset, length, to) {
			requireCard();
			return reader.read(number, offset, length, to);
		},
		close() {
			if (closed) return;
			closed = true;
			session++;
			retryTimer.close();
			queue.close();
		},
	};
}
