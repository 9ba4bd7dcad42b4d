import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { CardBytes } from "@bodycam/protocol/card/card-bytes";
import { SECTOR } from "@bodycam/protocol/card/superblock";
import {
	BLOCK_HEADER,
	BlockField,
	blockSectors,
	HASH_BYTES,
	IDENTITY_BYTES,
	MAX_BLOCK_SECTORS,
	sealBlock,
} from "@bodycam/protocol/event-log/block";
import { ENTRY_HEAD_MAX, writeEntryHead } from "@bodycam/protocol/event-log/entry";
import type { MediaMemory } from "../hal/media-memory.ts";
import { extendChain } from "./log-end.ts";
import type { LogWork } from "./work.ts";

/** The event stream, as the log reads it. */
export interface EventSource {
	/** Sequence of the oldest event kept. */
	readonly oldest: number;
	/** Sequence the next event will get. */
	readonly next: number;
	/** Where the CBOR of an event lies. */
	atOf(sequence: number): number;
	/** Bytes of the CBOR of an event. */
	lengthOf(sequence: number): number;
	/** The CBOR of an event of this moment that is not in the stream. */
	encode(sequence: number, body: CameraEventBody): Uint8Array;
}

/** Puts blocks together from the events that are due. Allocates nothing but for a gap. */
export class BlockComposer {
	/** Sectors of the block last composed; 0: nothing fitted. */
	sectors = 0;
	/** Entries in it. */
	count = 0;
	/** Sequence of the last event in it. */
	last = 0;
	private readonly memory: MediaMemory;
	private readonly bytes: CardBytes;
	private readonly work: LogWork;
	private readonly events: EventSource;
	private readonly boot: number;
	private readonly block: Uint8Array;
	private fill = 0;

	/** @param options - media memory twice, the working memory, the event stream and the number of this boot */
	constructor(options: {
		readonly memory: MediaMemory;
		readonly bytes: CardBytes;
		readonly work: LogWork;
		readonly events: EventSource;
		readonly boot: number;
	}) {
		this.memory = options.memory;
		this.bytes = options.bytes;
		this.work = options.work;
		this.events = options.events;
		this.boot = options.boot;
		this.block = new Uint8Array(options.memory.memory, options.work.block, MAX_BLOCK_SECTORS * SECTOR);
	}

	/**
	 * Fills the block with the events after one, at most as many as fit. The chain's hash behind it is `work.ahead`.
	 * @param stored - sequence of the last event that is on the card
	 * @param entries - entries on the card
	 * @param position - sector of the log for which the block is
	 * @param room - sectors there are for it
	 */
	compose(stored: number, entries: number, position: number, room: number): void {
		const { memory, work, events } = this;
		const limit = Math.min(room, MAX_BLOCK_SECTORS) * SECTOR;
		this.fill = BLOCK_HEADER;
		this.count = 0;
		this.last = stored;
		memory.copy(work.ahead, work.head, HASH_BYTES);
		let next = stored + 1;
		if (events.oldest > next && this.addGap(entries + 1, next, events.oldest - 1, limit))
			next = events.oldest;
		while (next >= events.oldest && next < events.next && this.fits(events.lengthOf(next), limit)) {
			const at = this.begin(entries + this.count + 1);
			memory.copy(work.block + at, events.atOf(next), events.lengthOf(next));
			this.end(at + events.lengthOf(next), next);
			next++;
		}
		this.sectors = 0;
		if (this.count === 0) return;
		const length = this.fill - BLOCK_HEADER;
		const size = blockSectors(length) * SECTOR;
		memory.zero(work.block + this.fill, size - this.fill);
		memory.copy(work.block + BlockField.identity, work.identity, IDENTITY_BYTES);
		memory.copy(work.block + BlockField.before, work.head, HASH_BYTES);
		this.sectors = sealBlock(this.bytes, work.block, position, length, entries + 1, this.count);
	}

	private addGap(entry: number, first: number, last: number, limit: number): boolean {
		const event = this.events.encode(last, { type: "log-gap", first });
		if (!this.fits(event.length, limit)) return false;
		const at = this.begin(entry);
		this.block.set(event, at);
		this.end(at + event.length, last);
		return true;
	}

	private fits(length: number, limit: number): boolean {
		return this.fill + ENTRY_HEAD_MAX + length <= limit;
	}

	private begin(entry: number): number {
		return writeEntryHead(this.block, this.fill, entry, this.boot);
	}

	private end(fill: number, sequence: number): void {
		const { memory, work } = this;
		extendChain(memory, work.context, work.ahead, work.block + this.fill, fill - this.fill);
		this.fill = fill;
		this.last = sequence;
		this.count++;
	}
}
