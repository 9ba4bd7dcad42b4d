import { SECTOR } from "@bodycam/protocol/card/superblock";
import type { MediaRegion } from "../hal/media-memory.ts";
import type { CardQueue } from "./card-queue.ts";
import { StoreError } from "./store-interface.ts";

/** Windows: one for each of four readers, and some to spare while a read goes on from one into the next. */
const WINDOWS = 6;

/** Sectors that are at hand from one on. */
export interface SectorsAtHand {
	/** Offset in media memory of the sector asked for. */
	readonly at: number;
	/** Sectors that follow one another there, that one included. */
	readonly sectors: number;
}

interface Window {
	readonly at: number;
	first: number;
	count: number;
}

/**
 * Stretches of the card kept in media memory; the one that was not used for longest makes room for the next. They
 * begin at multiples of their length, so that reads that come in another order find what the first one brought.
 */
export class CardWindows {
	/** Sectors of a window. */
	readonly sectors: number;
	private readonly queue: CardQueue;
	/** The one used last is last. */
	private readonly windows: Window[] = [];
	private readonly single: Window;
	private cardSectors = 0;

	/** @param region - where they lie: one sector to look at, the rest in equal parts */
	constructor(queue: CardQueue, region: MediaRegion) {
		this.queue = queue;
		this.sectors = Math.floor((region.bytes - SECTOR) / WINDOWS / SECTOR);
		this.single = { at: region.at, first: 0, count: 0 };
		for (let i = 0; i < WINDOWS; i++)
			this.windows.push({ at: region.at + (1 + i * this.sectors) * SECTOR, first: 0, count: 0 });
	}

	/** Forgets all; the card has `cardSectors` sectors. */
	reset(cardSectors: number): void {
		this.cardSectors = cardSectors;
		this.clear();
	}

	/** Forgets all. */
	clear(): void {
		this.single.count = 0;
		for (const window of this.windows) window.count = 0;
	}

	/** A sector with those after it, which are about to be read. @throws {StoreError} when it cannot be read */
	async ahead(sector: number): Promise<SectorsAtHand> {
		this.check(sector);
		const { windows } = this;
		const known = windows.findIndex((window) => holds(window, sector));
		const window = windows.splice(Math.max(0, known), 1)[0] as Window;
		windows.push(window);
		if (known < 0) await this.fill(window, sector - (sector % this.sectors), this.sectors);
		return atHand(window, sector);
	}

	/** A sector alone; those after it are not wanted. @throws {StoreError} when it cannot be read */
	async alone(sector: number): Promise<SectorsAtHand> {
		this.check(sector);
		const { single } = this;
		const window = this.windows.find((other) => holds(other, sector)) ?? single;
		if (!holds(window, sector)) await this.fill(single, sector, 1);
		return atHand(window, sector);
	}

	private check(sector: number): void {
		if (sector >= this.cardSectors)
			throw new StoreError("damaged", `sector ${sector} lies outside of the card`);
	}

	private async fill(window: Window, first: number, most: number): Promise<void> {
		window.count = 0;
		const count = Math.min(most, this.cardSectors - first);
		await this.queue.read(first, count, window.at);
		window.first = first;
		window.count = count;
	}
}

function holds(window: Window, sector: number): boolean {
	return sector >= window.first && sector < window.first + window.count;
}

function atHand(window: Window, sector: number): SectorsAtHand {
	return { at: window.at + (sector - window.first) * SECTOR, sectors: window.first + window.count - sector };
}
