import type { CardBytes } from "@bodycam/protocol/card/card-bytes";
import {
	decodeEntry,
	type EntryBody,
	encodeEntry,
	entrySectors,
	fitsEntry,
	JOURNAL_GAP,
	type JournalEntry,
	MAX_ENTRY_SECTORS,
	MAX_RECEIPT,
	mayBeEntry,
} from "@bodycam/protocol/card/journal-entry";
import { SECTOR, type Superblock } from "@bodycam/protocol/card/superblock";
import type { MediaRegion } from "../hal/media-memory.ts";
import { type CardQueue, Operation } from "./card-queue.ts";
import { StoreError } from "./store-interface.ts";

/** Bytes of the journal's working memory: entries on their way to the card. */
export const JOURNAL_BYTES = 8 * MAX_ENTRY_SECTORS * SECTOR;

/** Sectors kept back so that what is open can still be closed. */
const RESERVE = 4 * MAX_ENTRY_SECTORS;

/** Sectors kept back for each recording, so that it can be erased. */
const ERASE_SECTORS = entrySectors({ kind: "erase", receipt: new Uint8Array(MAX_RECEIPT) });

/** The journal: entries are appended, never rewritten. */
export interface Journal {
	/**
	 * Reads all entries in order and places the end behind the last one. Damaged ones are passed over.
	 * @throws {StoreError} when the card cannot be read
	 */
	scan(superblock: Superblock, onEntry: (entry: JournalEntry, sector: number) => void): Promise<void>;
	/** Reads the entry at a sector. @throws {StoreError} when it cannot be read or is damaged */
	load(sector: number): Promise<JournalEntry>;
	/** Whether there is room for another recording beside `recordings` that can still be erased. */
	hasRoom(recordings: number): boolean;
	/** Whether there is room for another entry that neither closes nor erases. */
	hasRoomToGo(recordings: number): boolean;
	/**
	 * Appends an entry.
	 * @param onWritten - called when it is written (not yet flushed), with a `Status`
	 * @returns where it stands and its checksum
	 */
	append(
		number: number,
		body: EntryBody,
		onWritten: (status: number) => void,
	): { readonly sector: number; readonly crc: number };
}

/**
 * Creates the journal's reader and writer.
 * @param work - `JOURNAL_BYTES` of media memory for entries on their way out
 * @param scratch - at least 64 KiB for reading
 */
export function createJournal(
	queue: CardQueue,
	bytes: CardBytes,
	work: MediaRegion,
	scratch: MediaRegion,
): Journal {
	const slotBytes = MAX_ENTRY_SECTORS * SECTOR;
	// The first is for reading, so that many questions at once cannot keep an entry from being written.
	const used = new Uint8Array(Math.floor(work.bytes / slotBytes) - 1);
	let lastLoad: Promise<unknown> = Promise.resolve();
	let place: Superblock | undefined;
	let next = 0;
	let end = 0;
	let sequence = 1;

	function takeSlot(): number {
		const slot = used.indexOf(0);
		if (slot < 0) throw new StoreError("busy", "too many journal entries under way");
		used[slot] = 1;
		return slot;
	}

	async function load(sector: number): Promise<JournalEntry> {
		const { at } = work;
		const count = Math.min(MAX_ENTRY_SECTORS, end - sector);
		await queue.read(sector, count, at);
		const entry = decodeEntry(bytes, at, at + count * SECTOR, place?.identityWord ?? 0);
		if (entry === undefined || entry === "cut")
			throw new StoreError("damaged", `the journal entry at sector ${sector} is damaged`);
		return entry;
	}

	return {
		async scan(superblock, onEntry) {
			place = superblock;
			end = superblock.journalStart + superblock.journalSectors;
			next = superblock.journalStart;
			sequence = 1;
			const chunk = Math.min(128, Math.floor(scratch.bytes / SECTOR));
			let sector = superblock.journalStart;
			while (sector < end && sector - next < JOURNAL_GAP) {
				const count = Math.min(chunk, end - sector);
				await queue.read(sector, count, scratch.at);
				const limit = scratch.at + count * SECTOR;
				let at = scratch.at;
				while (at < limit) {
					const entry = mayBeEntry(bytes, at)
						? decodeEntry(bytes, at, limit, superblock.identityWord)
						: undefined;
					// One that goes on in the next chunk is read again from its start.
					if (entry === "cut" && at > scratch.at) break;
					const found = sector + (at - scratch.at) / SECTOR;
					if (entry === undefined || entry === "cut" || entry.sequence < sequence) {
						at += SECTOR;
						continue;
					}
					onEntry(entry, found);
					sequence = entry.sequence + 1;
					next = found + entry.entrySectors;
					at += entry.entrySectors * SECTOR;
				}
				sector += (at - scratch.at) / SECTOR;
			}
		},
		load(sector) {
			const run = lastLoad.then(() => load(sector));
			lastLoad = run.catch(() => undefined);
			return run;
		},
		hasRoom: (recordings) => next + 2 * RESERVE + (recordings + 1) * ERASE_SECTORS <= end,
		hasRoomToGo: (recordings) => next + RESERVE + recordings * ERASE_SECTORS <= end,
		append(number, body, onWritten) {
			const count = entrySectors(body);
			if (!fitsEntry(body)) throw new StoreError("too-long", "the metadata is too long");
			if (next + count > end || place === undefined) throw new StoreError("full", "the journal is full");
			const slot = takeSlot();
			const at = work.at + (slot + 1) * slotBytes;
			const head = { sequence, identityWord: place.identityWord, number };
			const crc = encodeEntry(bytes, at, head, body);
			const sector = next;
			next += count;
			sequence++;
			queue.submit(
				Operation.write,
				sector,
				count,
				at,
				(id, status) => {
					used[id] = 0;
					onWritten(status);
				},
				slot,
			);
			return { sector, crc };
		},
	};
}
