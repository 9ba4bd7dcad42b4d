import { Status } from "@bodycam/protocol/board/records";
import type { LogState } from "@bodycam/protocol/camera/event-log";
import { SECTOR } from "@bodycam/protocol/card/superblock";
import { HASH_BYTES, MAX_BLOCK_SECTORS } from "@bodycam/protocol/event-log/block";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { Timer, Timers } from "../hal/timers.ts";
import { type LogArea, StoreError } from "../storage/store-interface.ts";
import { BlockComposer, type EventSource } from "./block-composer.ts";
import { findLogEnd, type LogEnd } from "./log-end.ts";
import { LogReader } from "./log-reader.ts";
import { type LogWork, layOutWork } from "./work.ts";

/** Time from an event until the block with it and those that follow is written, µs. */
const GATHERING = 500_000;

/** A card that failed is tried again after this time, µs. */
const RETRY = 5_000_000;

/** Longest time `settle` waits for the card, µs. */
const PATIENCE = 1_000_000;

/** Sectors at the end for what happens until the log is closed as full. */
const RESERVE = 2 * MAX_BLOCK_SECTORS;

/** Part of the log from which on it is low. */
const LOW = 0.9;

/** Options of `EventLog`. Callbacks may be invoked inside `wake`, `use` and `settle`. */
export interface EventLogOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Clock and timers. */
	readonly timers: Timers;
	/** Working memory: `EVENT_LOG_WORK_BYTES`. */
	readonly region: MediaRegion;
	/** The event stream. */
	readonly events: EventSource;
	/** Number of this boot. */
	readonly boot: number;
	/** The log of a card will be written to, behind this end. */
	onOpened(end: Pick<LogEnd, "entries" | "cutBytes">): void;
	/** A block is safe. */
	onStored(): void;
	/** The state changed. @param low - whether little room is left */
	onState(state: LogState, low: boolean): void;
}

/**
 * Keeps the event stream on the card: gathers events for half a second, writes them as one block, and makes it safe.
 * What the card does not take stays in the stream's memory and is written later; what is gone by then leaves a gap
 * that is marked. Never waits, and allocates nothing per event.
 */
export class EventLog {
	/** State. */
	state: LogState = "absent";
	/** Entries that are safe. */
	entries = 0;
	/** Sequence of the last event of this boot that is safe. */
	stored = 0;
	private readonly options: EventLogOptions;
	private readonly work: LogWork;
	private readonly bytes;
	private readonly composer: BlockComposer;
	private readonly reader: LogReader;
	private readonly timer: Timer;
	private readonly patience: Timer;
	private area: LogArea | undefined;
	/** Counts the cards and attempts, so that what belongs to an earlier one is told apart. */
	private session = 0;
	private position = 0;
	/** Sequence of the last event that a log that is full takes. */
	private final = 0;
	private low = false;
	private writing = false;
	/** Whether the end is known. */
	private opened = false;
	/** Whether the card failed and has not yet proved itself by taking a block. */
	private failed = false;
	private opening: Promise<void> = Promise.resolve();
	/** The card last opened, and where it was cut: the same is not told twice. */
	private told: Uint8Array | undefined;
	private toldCut = -1;
	private whenSettled: (() => void) | undefined;

	/** @param options - see `EventLogOptions` */
	constructor(options: EventLogOptions) {
		const { memory, timers, region } = options;
		this.options = options;
		this.work = layOutWork(region);
		this.bytes = {
			view: new DataView(memory.memory),
			crc32: (at: number, length: number, seed?: number) => memory.crc32(at, length, seed),
		};
		const { work, bytes } = this;
		this.composer = new BlockComposer({ ...options, work, bytes });
		this.reader = new LogReader(memory, work);
		this.timer = timers.create(() => this.due());
		this.patience = timers.create(() => this.settled());
	}

	/** Bytes of the log that are safe. */
	get safeBytes(): number {
		return this.opened ? this.position * SECTOR : 0;
	}

	/** Bytes there is room for. */
	get capacity(): number {
		return this.opened && this.area !== undefined ? this.area.sectors * SECTOR : 0;
	}

	/** Identity of the card; undefined while there is none. */
	get card(): Uint8Array | undefined {
		return this.opened ? this.area?.identity : undefined;
	}

	/** The chain's hash behind the last entry that is safe. */
	head(): Uint8Array {
		return new Uint8Array(this.options.memory.memory, this.work.head, HASH_BYTES).slice();
	}

	/** A card was read in, or is gone: see `ExtentStoreOptions.onLogArea`. */
	use(area: LogArea | undefined): void {
		this.session++;
		this.area = area;
		this.opened = false;
		this.failed = false;
		this.timer.stop();
		this.enter("absent");
		if (area === undefined) this.settled();
		else if (!this.writing) this.open();
	}

	/** An event was added to the stream. */
	wake(): void {
		if (this.writing || !this.wants || this.timer.running) return;
		this.timer.start(GATHERING);
	}

	/** Writes what is due without waiting for more; `done` is called when it is safe, or could not be made so. */
	settle(done: () => void): void {
		this.whenSettled = done;
		if (!this.wants && !this.writing) {
			this.settled();
			return;
		}
		this.patience.start(PATIENCE);
		this.timer.stop();
		if (!this.writing) this.write();
	}

	/**
	 * Reads bytes that are safe into media memory; fewer than asked for are no error.
	 * @throws {StoreError} when there is no card or it fails
	 */
	async read(offset: number, length: number, to: number): Promise<number> {
		const { area } = this;
		if (area === undefined || !this.opened) throw new StoreError("absent", "there is no event log");
		return this.reader.read(area, this.position, offset, length, to);
	}

	/** Whether there are events that can be written. */
	private get wants(): boolean {
		if (!this.opened || this.state === "read-only") return false;
		const last = this.options.events.next - 1;
		return this.stored < (this.state === "full" ? Math.min(this.final, last) : last);
	}

	private due(): void {
		if (!this.opened) this.open();
		else if (!this.writing && this.wants) this.write();
	}

	private open(): void {
		const { area } = this;
		if (area === undefined) return;
		const session = ++this.session;
		this.opening = this.opening
			.then(() => (session === this.session ? this.openNow(area, session) : undefined))
			.catch((error: unknown) => {
				if (session !== this.session) return;
				if (!(error instanceof StoreError) || error.code !== "absent") this.fail();
			});
	}

	private async openNow(area: LogArea, session: number): Promise<void> {
		const { memory, events, boot } = this.options;
		await this.reader.idle();
		const end = await findLogEnd(memory, this.bytes, area, this.work);
		if (session !== this.session) return;
		this.reader.reset();
		this.position = end.position;
		this.entries = end.entries;
		this.opened = true;
		this.stored = end.boot === boot && end.sequence < events.next ? end.sequence : 0;
		if (area.readOnly) {
			this.enter("read-only");
			return;
		}
		if (!this.failed) this.enter("ready");
		this.measure();
		this.tell(area, end);
		this.wake();
	}

	private tell(area: LogArea, end: LogEnd): void {
		const cut = end.cutBytes > 0 ? end.position : -1;
		const known = this.told?.every((byte, i) => byte === area.identity[i]) === true;
		if (known && (cut < 0 || cut === this.toldCut)) return;
		this.told = area.identity;
		this.toldCut = cut;
		this.options.onOpened(end);
	}

	private write(): void {
		const { area, composer, session } = this;
		if (area === undefined) return;
		composer.compose(this.stored, this.entries, this.position, area.sectors - this.position);
		if (composer.sectors === 0) {
			// Not even one event fits: it is full for good.
			this.final = this.stored;
			this.settled();
			return;
		}
		this.writing = true;
		try {
			area.append(this.position, composer.sectors, this.work.block, (status) =>
				this.written(session, status),
			);
		} catch (error) {
			this.writing = false;
			if (!(error instanceof StoreError)) throw error;
			// The card has too much to do: the events keep.
			this.timer.start(GATHERING);
		}
	}

	private written(session: number, status: number): void {
		const { composer, options, work } = this;
		this.writing = false;
		if (session !== this.session) {
			this.open();
			return;
		}
		if (status !== Status.ok) {
			if (status !== Status.noMedium && status !== Status.canceled) this.fail();
			return;
		}
		options.memory.copy(work.head, work.ahead, HASH_BYTES);
		this.position += composer.sectors;
		this.entries += composer.count;
		this.stored = composer.last;
		if (this.failed) this.enter("ready");
		this.failed = false;
		const whole = composer.sectors === MAX_BLOCK_SECTORS;
		this.measure();
		options.onStored();
		if (!this.wants) this.settled();
		else if (whole || this.whenSettled !== undefined) this.write();
		else this.wake();
	}

	/** Says when room becomes scarce, and closes the log before it ends: nothing in it is overwritten. */
	private measure(): void {
		const sectors = this.area?.sectors ?? 0;
		const low = this.position > sectors * LOW;
		const full = this.position > sectors - RESERVE;
		if (this.state === "ready" && full) {
			this.enter("full", low);
			// What was due, and the news that it is full, are still taken as far as there is room.
			this.final = this.options.events.next - 1;
		} else if (low !== this.low) this.enter(this.state, low);
	}

	private fail(): void {
		this.opened = false;
		this.failed = true;
		this.enter("error");
		this.settled();
		this.timer.start(RETRY);
	}

	private enter(state: LogState, low = false): void {
		if (state === this.state && low === this.low) return;
		this.state = state;
		this.low = low;
		this.options.onState(state, low);
	}

	private settled(): void {
		const done = this.whenSettled;
		this.whenSettled = undefined;
		this.patience.stop();
		done?.();
	}
}
