import { FLASH_AREAS, FlashUnit } from "@bodycam/protocol/board/flash-layout";
import { LOG_LEVELS, type StoredLogLine } from "@bodycam/protocol/camera/log";
import type { ReadResult } from "../events/event-stream.ts";
import type { LogBook } from "../events/log-book.ts";
import type { FlashSlot } from "../hal/flash.ts";
import type { LogLevel } from "../hal/log.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import {
	ENTRY_BYTES_MAX,
	entryBytes,
	entryBytesAt,
	entryNumber,
	isErased,
	readEntry,
	readSectorHeader,
	SECTOR_BYTES,
	UNIT_BYTES,
	writeEntry,
	writeSectorHeader,
} from "./layout.ts";

const SECTORS = (FLASH_AREAS[FlashUnit.log]?.bytes ?? 0) / SECTOR_BYTES;

/** Bytes of entries that are written at once. */
const STAGING_BYTES = 1024;

/** Bytes of working memory a `LogStore` needs: a sector to read, and what is about to be written. */
export const LOG_STORE_BYTES = SECTOR_BYTES + STAGING_BYTES;

/** Options of `LogStore`. */
export interface LogStoreOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Working memory, `LOG_STORE_BYTES`. */
	readonly region: MediaRegion;
	/** The log's area of the flash. */
	readonly flash: Pick<FlashSlot, "read" | "write" | "erase">;
	/** The lines of this boot. */
	readonly book: Pick<LogBook, "next" | "oldest" | "inMemory" | "write">;
	/** Number of this boot. */
	readonly boot: number;
}

/**
 * Keeps the log in flash, across resets and power cuts. Each line is written as soon as the flash is free; the oldest
 * sector of the ring is erased when the newest is full. A line that was cut off by a power cut is passed over.
 */
export class LogStore {
	private readonly options: LogStoreOptions;
	private readonly sectorAt: number;
	private readonly stagingAt: number;
	/** Sequences by sector; 0: erased, damaged or being erased. In arrays of numbers, so that a new sector takes no memory. */
	private readonly sequences: number[] = new Array<number>(SECTORS).fill(0);
	/** Number of the first entry by sector. */
	private readonly firsts: number[] = new Array<number>(SECTORS).fill(0);
	/** The sector that is written, and the offset of the next entry in it. */
	private current = -1;
	private offset = SECTOR_BYTES;
	/** Number of the next entry. */
	private nextNumber = 1;
	/** Number in the book of the last line taken. */
	private taken = 0;
	private state: "closed" | "idle" | "busy" | "broken" = "closed";
	private settled: (() => void)[] = [];
	/** Reads go one after the other: they share a buffer. */
	private reading: Promise<unknown> = Promise.resolve();

	/** @param options - see `LogStoreOptions` @throws RangeError when the working memory is too small */
	constructor(options: LogStoreOptions) {
		const { region } = options;
		if (region.bytes < LOG_STORE_BYTES) throw new RangeError("the log store's region is too small");
		this.options = options;
		this.sectorAt = region.at;
		this.stagingAt = region.at + SECTOR_BYTES;
	}

	/** Finds the end of what is kept, then writes what has been logged so far. */
	open(): Promise<void> {
		const opened = this.findNewest();
		this.reading = opened;
		return opened;
	}

	private async findNewest(): Promise<void> {
		try {
			for (let sector = 0; sector < SECTORS; sector++) await this.look(sector);
			if (this.current >= 0) await this.findEnd();
			this.state = "idle";
			this.wake();
		} catch (error) {
			this.fail(error);
		}
	}

	/** The book has another line. */
	wake(): void {
		if (this.state !== "idle") return;
		this.state = "busy";
		this.writeAll().then(
			() => {
				this.state = "idle";
				for (const done of this.settled.splice(0)) done();
				if (this.taken < this.options.book.next - 1) this.wake();
			},
			(error: unknown) => this.fail(error),
		);
	}

	/** Calls back when all lines are in flash, or cannot be brought there; at once when there is nothing to do. */
	settle(done: () => void): void {
		if (this.state === "busy") this.settled.push(done);
		else done();
	}

	/**
	 * Lines after a cursor, of this boot and those before.
	 * @param after - number of the last line seen, 0 for all that are kept
	 * @param max - most lines wanted
	 * @param level - the least important level wanted
	 * @param maxBytes - most bytes of text they may have together; the first is given in any case
	 */
	read(after: number, max: number, level: LogLevel, maxBytes: number): Promise<ReadResult<StoredLogLine>> {
		const result = this.reading.then(() => this.readNow(after, max, LOG_LEVELS.indexOf(level), maxBytes));
		this.reading = result.catch(() => undefined);
		return result;
	}

	private async look(sector: number): Promise<void> {
		const { memory, flash } = this.options;
		await flash.read(sector * SECTOR_BYTES, UNIT_BYTES, this.sectorAt);
		const header = readSectorHeader(memory, this.sectorAt);
		if (header === undefined) return;
		if (header.sequence > this.sequenceOf(this.current)) this.current = sector;
		this.sequences[sector] = header.sequence;
		this.firsts[sector] = header.first;
	}

	private async findEnd(): Promise<void> {
		const { memory, flash } = this.options;
		await flash.read(this.current * SECTOR_BYTES, SECTOR_BYTES, this.sectorAt);
		this.nextNumber = this.firsts[this.current] ?? 1;
		this.offset = UNIT_BYTES;
		for (let at = UNIT_BYTES; at < SECTOR_BYTES; ) {
			const bytes = entryBytesAt(memory, this.sectorAt + at, SECTOR_BYTES - at);
			if (bytes > 0) this.nextNumber = entryNumber(memory, this.sectorAt + at) + 1;
			const used = bytes > 0 || !isErased(memory, this.sectorAt + at);
			at += bytes > 0 ? bytes : UNIT_BYTES;
			if (used) this.offset = at;
		}
	}

	private async writeAll(): Promise<void> {
		const { book } = this.options;
		while (this.taken < book.next - 1) {
			// Lines the book has let go of before the flash was free are lost.
			this.taken = Math.max(this.taken, book.oldest - 1);
			if (this.offset + entryBytes(book.inMemory(this.taken + 1).textBytes) > SECTOR_BYTES)
				await this.nextSector();
			await this.writeSome();
		}
	}

	private async nextSector(): Promise<void> {
		const { memory, flash } = this.options;
		const sector = (this.current + 1) % SECTORS;
		const sequence = this.sequenceOf(this.current) + 1;
		const first = this.nextNumber;
		this.sequences[sector] = 0;
		await flash.erase(sector * SECTOR_BYTES, SECTOR_BYTES);
		writeSectorHeader(memory, this.stagingAt, { sequence, first });
		await flash.write(sector * SECTOR_BYTES, UNIT_BYTES, this.stagingAt);
		this.sequences[sector] = sequence;
		this.firsts[sector] = first;
		this.current = sector;
		this.offset = UNIT_BYTES;
	}

	/** Writes as many lines as fit. */
	private async writeSome(): Promise<void> {
		const { memory, flash, book, boot } = this.options;
		let bytes = 0;
		while (this.taken < book.next - 1 && bytes + ENTRY_BYTES_MAX <= STAGING_BYTES) {
			const line = book.inMemory(this.taken + 1);
			if (this.offset + bytes + entryBytes(line.textBytes) > SECTOR_BYTES) break;
			bytes += writeEntry(memory, this.stagingAt + bytes, line, this.nextNumber++, boot);
			this.taken++;
		}
		const at = this.current * SECTOR_BYTES + this.offset;
		this.offset += bytes;
		await flash.write(at, bytes, this.stagingAt);
	}

	private async readNow(
		after: number,
		max: number,
		least: number,
		maxBytes: number,
	): Promise<ReadResult<StoredLogLine>> {
		const items: StoredLogLine[] = [];
		let next = after;
		let bytes = 0;
		const order = this.inOrder();
		const oldest = this.firsts[order[0] ?? -1] ?? 1;
		for (let index = 0; index < order.length; index++) {
			const following = this.firsts[order[index + 1] ?? -1];
			if (following !== undefined && following <= after + 1) continue;
			const sector = order[index] ?? 0;
			const sequence = this.sequenceOf(sector);
			await this.options.flash.read(sector * SECTOR_BYTES, SECTOR_BYTES, this.sectorAt);
			// It may have been erased meanwhile: then its lines are gone.
			if (this.sequenceOf(sector) !== sequence) continue;
			for (let at = UNIT_BYTES; at < SECTOR_BYTES; ) {
				const { memory } = this.options;
				const size = entryBytesAt(memory, this.sectorAt + at, SECTOR_BYTES - at);
				const entry = this.sectorAt + at;
				at += size > 0 ? size : UNIT_BYTES;
				if (size === 0 || entryNumber(memory, entry) <= after) continue;
				const line = readEntry(memory, entry);
				if (LOG_LEVELS.indexOf(line.level) >= least) {
					bytes += line.text.length;
					if (items.length === max || (bytes > maxBytes && items.length > 0))
						return { items, next, lost: after > 0 ? Math.max(0, oldest - 1 - after) : 0 };
					items.push(line);
				}
				next = line.number;
			}
		}
		return { items, next, lost: after > 0 ? Math.max(0, oldest - 1 - after) : 0 };
	}

	/** Sectors that hold entries, the oldest first. */
	private inOrder(): number[] {
		const order: number[] = [];
		for (let sector = 0; sector < SECTORS; sector++) if (this.sequenceOf(sector) > 0) order.push(sector);
		return order.sort((a, b) => this.sequenceOf(a) - this.sequenceOf(b));
	}

	private sequenceOf(sector: number): number {
		return this.sequences[sector] ?? 0;
	}

	private fail(error: unknown): void {
		this.state = "broken";
		this.options.book.write("error", `the log is not kept across resets any more: ${String(error)}`);
		for (const done of this.settled.splice(0)) done();
	}
}
