import { SECTOR } from "@bodycam/protocol/card/superblock";
import type { MediaMemory } from "../hal/media-memory.ts";
import type { LogArea } from "../storage/store-interface.ts";
import { type LogWork, WINDOW_SECTORS } from "./work.ts";

/** Reads the bytes of the log, one request after the other, with a window of the card kept for the next. */
export class LogReader {
	private readonly memory: MediaMemory;
	private readonly work: LogWork;
	private first = 0;
	private count = 0;
	private last: Promise<unknown> = Promise.resolve();

	/** @param memory - media memory @param work - the working memory */
	constructor(memory: MediaMemory, work: LogWork) {
		this.memory = memory;
		this.work = work;
	}

	/** It is another card, or the window was used for something else. */
	reset(): void {
		this.count = 0;
	}

	/** Resolves when nothing is being read any more. */
	idle(): Promise<unknown> {
		return this.last;
	}

	/**
	 * Reads bytes into media memory, as many as lie in one window.
	 * @param end - sectors of the log that are safe
	 * @returns bytes read
	 * @throws {StoreError} when the card cannot be read
	 */
	read(area: LogArea, end: number, offset: number, length: number, to: number): Promise<number> {
		const run = this.last.then(() => this.readNow(area, end, offset, length, to));
		this.last = run.catch(() => this.reset());
		return run;
	}

	private async readNow(
		area: LogArea,
		end: number,
		offset: number,
		length: number,
		to: number,
	): Promise<number> {
		const sector = Math.floor(offset / SECTOR);
		if (sector >= end) return 0;
		if (sector < this.first || sector >= this.first + this.count) {
			const sectors = Math.min(WINDOW_SECTORS, end - sector);
			this.count = 0;
			await area.read(sector, sectors, this.work.window);
			this.first = sector;
			this.count = sectors;
		}
		const from = offset - this.first * SECTOR;
		const taken = Math.min(length, this.count * SECTOR - from);
		this.memory.copy(to, this.work.window + from, taken);
		return taken;
	}
}
