import { Card, Status } from "@bodycam/protocol/board/records";
import { type Bus, inMedia, type Peripheral } from "../bus/peripheral.ts";
import { type BlockStore, SECTOR_BYTES } from "../storage/block-store.ts";
import { type CutMode, WriteCache } from "../storage/write-cache.ts";

/** Time a request takes before its first byte, µs. */
const LATENCY = 500;

/** Bytes per µs. */
const WRITE_RATE = 40;
const READ_RATE = 80;

/** Sectors read from the medium at a time. */
const BUFFER_SECTORS = 128;

interface Request {
	readonly kind: number;
	readonly sector: number;
	readonly count: number;
	readonly at: number;
	readonly tag: number;
}

/** A change of the card that is about to be made (its bytes stay only so long), or the flush that makes those before it safe. */
export type CardChange =
	| { readonly kind: "write"; readonly sector: number; readonly bytes: Uint8Array }
	| { readonly kind: "flush" };

/** Sectors that follow one another. */
export interface SectorRange {
	/** The first. */
	readonly sector: number;
	/** How many. */
	readonly count: number;
}

function overlaps(range: SectorRange, request: SectorRange): boolean {
	return range.sector < request.sector + request.count && request.sector < range.sector + range.count;
}

/** A card that can be put into the slot. */
export interface CardMedium {
	/** Its sectors. */
	readonly store: BlockStore;
	/** Whether it refuses writes. */
	readonly readOnly: boolean;
}

/** The slot for the memory card and the card in it. One request at a time; they complete in order. */
export class CardPeripheral implements Peripheral {
	readonly family = Card.READ >> 8;
	/** Told of every change before it is made. */
	onChange: ((change: CardChange) => void) | undefined;
	readonly #bus: Bus;
	readonly #complete = () => this.#completed();
	readonly #buffer = new Uint8Array(BUFFER_SECTORS * SECTOR_BYTES);
	#medium: CardMedium | undefined;
	#cache: WriteCache | undefined;
	#queue: Request[] = [];
	#ticket = 0;
	#stalledUntil = 0;
	#writesToFail = 0;
	#readsToFail = 0;
	#worn: readonly SectorRange[] = [];
	#unreadable: readonly SectorRange[] = [];
	#written = 0;

	/** @param medium - the card that is in the slot at the start */
	constructor(bus: Bus, medium: CardMedium | undefined) {
		this.#bus = bus;
		this.#setMedium(medium);
	}

	/** The card in the slot. */
	get medium(): CardMedium | undefined {
		return this.#medium;
	}

	/** Bytes written since power-on. */
	get written(): number {
		return this.#written;
	}

	boot(): void {
		this.#tellPresence();
	}

	receive(kind: number, _unit: number, a: number, b: number, c: number, d: number): void {
		if (kind !== Card.READ && kind !== Card.WRITE && kind !== Card.FLUSH) {
			this.#bus.violation(`card: unknown record ${kind.toString(16)}`);
			return;
		}
		if (kind !== Card.FLUSH && !inMedia(this.#bus, "card", c, b * SECTOR_BYTES)) return;
		this.#queue.push({ kind, sector: a, count: b, at: c, tag: d });
		if (this.#queue.length === 1) this.#begin();
	}

	halt(): void {
		this.#queue = [];
		this.#bus.cancel(this.#ticket);
	}

	close(): void {
		this.#medium?.store.close();
		this.#setMedium(undefined);
	}

	/** The card does nothing for so long, as cards do while they tidy up. */
	stall(ms: number): void {
		this.#stalledUntil = Math.max(this.#stalledUntil, this.#bus.now + ms * 1000);
		if (this.#queue.length === 0) return;
		this.#bus.cancel(this.#ticket);
		this.#begin();
	}

	/** The next writes fail; 0 ends it, Infinity fails them all. */
	failWrites(count: number): void {
		this.#writesToFail = count;
	}

	/** The next reads fail; 0 ends it, Infinity fails them all. */
	failReads(count: number): void {
		this.#readsToFail = count;
	}

	/** These sectors cannot be written any more; none: the card is as good as new. */
	wearOut(ranges: readonly SectorRange[]): void {
		this.#worn = ranges;
	}

	/** These sectors cannot be read; none: all can. */
	makeUnreadable(ranges: readonly SectorRange[]): void {
		this.#unreadable = ranges;
	}

	/** Pulls the card out; what is under way fails. Returns it, so that it can be put back. */
	remove(): CardMedium | undefined {
		const medium = this.#medium;
		const pending = this.#queue;
		this.halt();
		this.#setMedium(undefined);
		this.#bus.post(Card.REMOVED, 0);
		for (const request of pending) this.#answer(request, Status.noMedium);
		return medium;
	}

	/** Puts a card in. */
	insert(medium: CardMedium): void {
		this.#setMedium(medium);
		this.#tellPresence();
	}

	/** The power goes: what was not flushed suffers, the write under way included. */
	powerLost(mode: CutMode): void {
		const [current] = this.#queue;
		const random = this.#bus.random("card");
		if (mode === "tear" && current?.kind === Card.WRITE && this.#statusOf(current) === Status.ok) {
			const sectors = random.below(current.count + 1);
			const bytes = this.#bus.media.read(current.at, sectors * SECTOR_BYTES);
			if (sectors > 0) this.#cache?.write(current.sector, bytes);
		}
		this.#cache?.cut(mode, random);
		this.halt();
		this.#stalledUntil = 0;
	}

	#setMedium(medium: CardMedium | undefined): void {
		this.#medium = medium;
		this.#cache = medium && new WriteCache(medium.store);
	}

	#tellPresence(): void {
		if (!this.#medium) this.#bus.post(Card.REMOVED, 0);
		else this.#bus.post(Card.INSERTED, 0, this.#medium.store.sectors, this.#medium.readOnly ? 1 : 0);
	}

	#begin(): void {
		const request = this.#queue[0];
		if (!request) return;
		const rate = request.kind === Card.WRITE ? WRITE_RATE : READ_RATE;
		const transfer = request.kind === Card.FLUSH ? 0 : Math.ceil((request.count * SECTOR_BYTES) / rate);
		const stalled = Math.max(0, this.#stalledUntil - this.#bus.now);
		this.#ticket = this.#bus.schedule(stalled + LATENCY + transfer, this.#complete);
	}

	#completed(): void {
		const request = this.#queue.shift();
		if (!request) return;
		this.#answer(request, this.#perform(request));
		this.#begin();
	}

	#answer(request: Request, status: number): void {
		this.#bus.post(Card.DONE, 0, status, 0, 0, request.tag);
	}

	#perform(request: Request): number {
		const status = this.#statusOf(request);
		if (status !== Status.ok) return status;
		if (request.kind === Card.WRITE && this.#writesToFail > 0) {
			this.#writesToFail -= 1;
			return Status.ioError;
		}
		if (request.kind === Card.READ && this.#readsToFail > 0) {
			this.#readsToFail -= 1;
			return Status.ioError;
		}
		const bad = request.kind === Card.WRITE ? this.#worn : this.#unreadable;
		if (request.kind !== Card.FLUSH && bad.some((range) => overlaps(range, request))) return Status.ioError;
		try {
			this.#transfer(request);
			return Status.ok;
		} catch (error) {
			this.#bus.hostFailure("card image", error);
			return Status.ioError;
		}
	}

	#statusOf(request: Request): number {
		if (!this.#medium) return Status.noMedium;
		if (request.kind === Card.FLUSH) return Status.ok;
		if (request.sector + request.count > this.#medium.store.sectors) return Status.outOfRange;
		if (request.kind === Card.WRITE && this.#medium.readOnly) return Status.readOnly;
		return Status.ok;
	}

	#transfer(request: Request): void {
		const { sector, count, at } = request;
		if (request.kind === Card.FLUSH) {
			this.onChange?.({ kind: "flush" });
			this.#cache?.flush();
		} else if (request.kind === Card.READ) this.#read(sector, count, at);
		else {
			const bytes = this.#bus.media.read(at, count * SECTOR_BYTES);
			this.onChange?.({ kind: "write", sector, bytes });
			this.#cache?.write(sector, bytes);
			this.#written += count * SECTOR_BYTES;
		}
	}

	#read(first: number, count: number, at: number): void {
		for (let done = 0; done < count; done += BUFFER_SECTORS) {
			const bytes = this.#buffer.subarray(0, Math.min(BUFFER_SECTORS, count - done) * SECTOR_BYTES);
			this.#medium?.store.read(first + done, bytes);
			this.#bus.media.write(at + done * SECTOR_BYTES, bytes);
		}
	}
}
