import type { CardBytes } from "@bodycam/protocol/card/card-bytes";
import { SECTOR } from "@bodycam/protocol/card/superblock";
import { measureItem } from "@bodycam/protocol/cbor/structure";
import {
	BLOCK_HEADER,
	BlockField,
	type BlockHeader,
	decodeBlockHeader,
	HASH_BYTES,
	IDENTITY_BYTES,
	isWhole,
	MAX_BLOCK_SECTORS,
} from "@bodycam/protocol/event-log/block";
import { GENESIS_TEXT } from "@bodycam/protocol/event-log/chain";
import { decodeEntry } from "@bodycam/protocol/event-log/entry";
import type { MediaMemory } from "../hal/media-memory.ts";
import type { LogArea } from "../storage/store-interface.ts";
import { type LogWork, WINDOW_SECTORS } from "./work.ts";

/** Sectors looked at in one probe: a block begins in any that many of a log. */
const PROBE = 2 * MAX_BLOCK_SECTORS;

/** Where a log ends. */
export interface LogEnd {
	/** Sector at which the next block goes. */
	readonly position: number;
	/** Entries before it. */
	readonly entries: number;
	/** Bytes behind the last whole block that a power cut has torn. */
	readonly cutBytes: number;
	/** Boot of the last entry; -1 without one. */
	readonly boot: number;
	/** Sequence of the last entry's event; 0 without one. */
	readonly sequence: number;
}

/** Adds one entry to the chain: `head` becomes SHA-256 of `head` and the entry. Allocates nothing. */
export function extendChain(
	memory: MediaMemory,
	context: number,
	head: number,
	at: number,
	length: number,
): void {
	memory.sha256Begin(context);
	memory.sha256Update(context, head, HASH_BYTES);
	memory.sha256Update(context, at, length);
	memory.sha256End(context, head);
}

/**
 * Finds the end of the log: by halves, so that a log of years takes some thirty short reads, then by a look at growing
 * distances behind it, so that a damaged place is not taken for the end. Leaves identity and the chain's hash in the
 * working memory.
 * @throws {StoreError} when the card cannot be read
 */
export async function findLogEnd(
	memory: MediaMemory,
	bytes: CardBytes,
	area: LogArea,
	work: LogWork,
): Promise<LogEnd> {
	new Uint8Array(memory.memory, work.identity, IDENTITY_BYTES).set(area.identity);
	const { sectors } = area;

	/** The header in the window at a sector of it, when it is one of this log and place. */
	function headerAt(first: number, sector: number): BlockHeader | undefined {
		const at = work.window + (sector - first) * SECTOR;
		const header = decodeBlockHeader(bytes, at);
		if (header === undefined || header.position !== sector) return undefined;
		return memory.compare(at + BlockField.identity, work.identity, IDENTITY_BYTES) === 0 ? header : undefined;
	}

	/** The last block that begins in a few sectors; -1 without one. */
	async function probe(first: number): Promise<number> {
		const count = Math.min(PROBE, sectors - first);
		await area.read(first, count, work.window);
		for (let sector = first + count - 1; sector >= first; sector--)
			if (headerAt(first, sector) !== undefined) return sector;
		return -1;
	}

	async function lastBetween(known: number, low: number, high: number): Promise<number> {
		let best = known;
		let from = low;
		let to = high;
		while (from < to) {
			const middle = Math.floor((from + to) / 2);
			const found = await probe(middle);
			if (found < 0) to = middle;
			else {
				best = Math.max(best, found);
				from = found + 1;
			}
		}
		return best;
	}

	let last = await lastBetween(-1, 0, sectors);
	for (let distance = PROBE; last + distance < sectors; distance *= 2) {
		const found = await probe(last + distance);
		if (found <= last) continue;
		last = await lastBetween(found, found + 1, sectors);
		distance = PROBE / 2;
	}

	// Back from there to the last block that is whole.
	let claimed = 0;
	for (let end = last < 0 ? 0 : Math.min(last + MAX_BLOCK_SECTORS, sectors); end > 0; ) {
		const first = Math.max(0, end - WINDOW_SECTORS);
		await area.read(first, end - first, work.window);
		for (let sector = Math.min(last, end - 1); sector >= first; sector--) {
			const header = headerAt(first, sector);
			if (header === undefined) continue;
			claimed = Math.max(claimed, sector + header.sectors);
			const at = work.window + (sector - first) * SECTOR;
			if (sector + header.sectors > end || !isWhole(bytes, at, header)) continue;
			return endBehind(header, at, last, Math.min(claimed, sectors));
		}
		end = first === 0 ? 0 : first + MAX_BLOCK_SECTORS - 1;
	}
	const length = memory.writeText(work.text, GENESIS_TEXT.length, GENESIS_TEXT);
	memory.sha256Begin(work.context);
	memory.sha256Update(work.context, work.text, length);
	memory.sha256Update(work.context, work.identity, IDENTITY_BYTES);
	memory.sha256End(work.context, work.head);
	const claimedEnd = Math.min(claimed, sectors);
	const position = last > 0 ? claimedEnd : 0;
	return { position, entries: 0, cutBytes: claimedEnd * SECTOR, boot: -1, sequence: 0 };

	function endBehind(header: BlockHeader, at: number, lastSeen: number, claimedEnd: number): LogEnd {
		const end = header.position + header.sectors;
		memory.copy(work.head, at + BlockField.before, HASH_BYTES);
		let boot = -1;
		let sequence = 0;
		for (let offset = 0; offset < header.length; ) {
			const from = at + BLOCK_HEADER + offset;
			const item = new Uint8Array(memory.memory, from, header.length - offset);
			const length = measureItem(item);
			extendChain(memory, work.context, work.head, from, length);
			offset += length;
			const entry = offset === header.length ? decodeEntry(item.subarray(0, length)) : undefined;
			if (entry !== undefined) ({ boot, sequence } = entry);
		}
		// Only one block is written at a time: what one power cut has torn begins right here. Anything else is damage,
		// and is left as it is for whoever looks into it.
		const torn = lastSeen === end || claimedEnd <= end;
		return {
			position: torn ? end : claimedEnd,
			entries: header.first + header.count - 1,
			cutBytes: Math.max(0, claimedEnd - end) * SECTOR,
			boot,
			sequence,
		};
	}
}
