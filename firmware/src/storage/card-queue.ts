import { Status } from "@bodycam/protocol/board/records";
import { SECTOR } from "@bodycam/protocol/card/superblock";
import type { CardStatus, MemoryCard, MemoryCardOptions } from "../hal/block-device.ts";
import type { Timers } from "../hal/timers.ts";
import type { CardMeter } from "./card-meter.ts";
import { STALL_LIMIT, StoreError } from "./store-interface.ts";

/** What a request does. */
export const Operation = { read: 0, write: 1, flush: 2 } as const;

/** Requests under way at most. */
const SLOTS = 64;

/** Options of the card queue. */
export interface CardQueueOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** Measures what the card does. */
	readonly meter: CardMeter;
	/** Opens the driver. */
	openCard(options: MemoryCardOptions): MemoryCard;
	/** A card is there. */
	onInserted(sectors: number, readOnly: boolean): void;
	/** It is gone. */
	onRemoved(): void;
	/** The card has not answered for `STALL_LIMIT` µs, or answers again. */
	onStall(stalled: boolean): void;
}

/** A request ended: what it was called, and a `Status` of the board records. */
export type CardDone = (id: number, status: CardStatus) => void;

/**
 * Requests to the card, in order. What fails is tried once more; a flush that a retried write has overtaken is made
 * again, so that a flush that ends well covers everything written before it. `submit` allocates nothing.
 */
export interface CardQueue {
	/** Makes a request; `done` is called with `id` when it ends. */
	submit(operation: number, sector: number, count: number, at: number, done: CardDone, id: number): void;
	/** Reads sectors. @throws {StoreError} when it fails */
	read(sector: number, count: number, at: number): Promise<void>;
	/** Writes sectors. @throws {StoreError} when it fails */
	write(sector: number, count: number, at: number): Promise<void>;
	/** Makes what was written safe. @throws {StoreError} when it fails */
	flush(): Promise<void>;
	/** Idempotent. */
	close(): void;
}

/** The error for a failed request. */
export function cardError(operation: number, status: CardStatus): StoreError {
	if (status === Status.noMedium || status === Status.canceled)
		return new StoreError("absent", "the memory card was taken out");
	if (status === Status.readOnly) return new StoreError("read-only", "the memory card refuses writes");
	if (operation === Operation.read) return new StoreError("read-error", `the card cannot be read: ${status}`);
	return new StoreError("write-error", `the card cannot be written: ${status}`);
}

/** Opens the card and its queue. */
export function createCardQueue(options: CardQueueOptions): CardQueue {
	const { meter } = options;
	const operations = new Uint8Array(SLOTS);
	const sectors = new Uint32Array(SLOTS);
	const counts = new Uint32Array(SLOTS);
	const ats = new Uint32Array(SLOTS);
	const ids = new Uint32Array(SLOTS);
	const tried = new Uint8Array(SLOTS);
	const overtaken = new Uint8Array(SLOTS);
	const dones: (CardDone | undefined)[] = new Array(SLOTS).fill(undefined);
	let next = 0;
	let outstanding = 0;
	let stalled = false;
	let closed = false;

	const stallTimer = options.timers.create(() => {
		stalled = true;
		options.onStall(true);
	});
	const card = options.openCard({
		onInserted: (size, readOnly) => options.onInserted(size, readOnly),
		onRemoved: () => options.onRemoved(),
		onComplete,
	});

	function send(slot: number): void {
		const operation = operations[slot];
		const sector = sectors[slot] as number;
		const count = counts[slot] as number;
		const at = ats[slot] as number;
		if (operation === Operation.read) card.read(sector, count, at, slot);
		else if (operation === Operation.write) card.write(sector, count, at, slot);
		else card.flush(slot);
	}

	/** Flushes under way do not cover a write that has to be made again. */
	function overtake(): void {
		for (let slot = 0; slot < SLOTS; slot++)
			if (dones[slot] && operations[slot] === Operation.flush) overtaken[slot] = 1;
	}

	function onComplete(slot: number, status: CardStatus): void {
		const done = dones[slot];
		if (closed || done === undefined) return;
		if (stalled) {
			stalled = false;
			options.onStall(false);
		}
		stallTimer.start(STALL_LIMIT);
		if (status === Status.ok && overtaken[slot] === 1) {
			overtaken[slot] = 0;
			meter.done(0, true);
			send(slot);
			return;
		}
		if ((status === Status.ioError || status === Status.busy) && tried[slot] === 0) {
			tried[slot] = 1;
			meter.retried();
			if (operations[slot] === Operation.write) overtake();
			send(slot);
			return;
		}
		const isWrite = operations[slot] === Operation.write;
		meter.done(isWrite ? (counts[slot] as number) * SECTOR : 0, operations[slot] === Operation.flush);
		dones[slot] = undefined;
		outstanding--;
		if (outstanding === 0) stallTimer.stop();
		done(ids[slot] as number, status);
	}

	function submit(
		operation: number,
		sector: number,
		count: number,
		at: number,
		done: CardDone,
		id: number,
	): void {
		let slot = next;
		while (dones[slot] !== undefined) {
			slot = (slot + 1) % SLOTS;
			if (slot === next) throw new StoreError("busy", "too many requests to the card");
		}
		next = (slot + 1) % SLOTS;
		operations[slot] = operation;
		sectors[slot] = sector;
		counts[slot] = count;
		ats[slot] = at;
		ids[slot] = id;
		tried[slot] = 0;
		overtaken[slot] = 0;
		dones[slot] = done;
		if (outstanding === 0) {
			stallTimer.start(STALL_LIMIT);
			meter.woken();
		}
		outstanding++;
		send(slot);
	}

	function request(operation: number, sector: number, count: number, at: number): Promise<void> {
		return new Promise((resolve, reject) => {
			submit(
				operation,
				sector,
				count,
				at,
				(_id, status) => (status === Status.ok ? resolve() : reject(cardError(operation, status))),
				0,
			);
		});
	}

	return {
		submit,
		read: (sector, count, at) => request(Operation.read, sector, count, at),
		write: (sector, count, at) => request(Operation.write, sector, count, at),
		flush: () => request(Operation.flush, 0, 0, 0),
		close() {
			if (closed) return;
			closed = true;
			stallTimer.close();
			card.close();
		},
	};
}
