/** Bytes of a sector. */
export const SECTOR_BYTES = 512;

/** Result of a card request: 0 ok, else a `Status` of the board records. */
export type CardStatus = number;

/** Options of a memory card. Callbacks are never invoked inside a method. */
export interface MemoryCardOptions {
	/** A card is there: its size in sectors, and whether it refuses writes. */
	onInserted?(sectors: number, readOnly: boolean): void;
	/** No card is there any more. Requests under way complete with `noMedium`. */
	onRemoved?(): void;
	/** A request ended. `tag` is what the method was given. */
	onComplete(tag: number, status: CardStatus): void;
}

/**
 * A memory card: a block device of 512-byte sectors. Requests complete in the order they were made. Written
 * data survives a power cut only after a later `flush` has completed. Several requests may be in flight.
 */
export interface MemoryCard {
	/** Sectors, 0 while no card is there. */
	readonly sectors: number;
	/** Reads `count` sectors into media memory at `at`. */
	read(sector: number, count: number, at: number, tag: number): void;
	/** Writes `count` sectors from media memory at `at`; the bytes must not change before `onComplete`. */
	write(sector: number, count: number, at: number, tag: number): void;
	/** Makes everything written before it safe against a power cut. */
	flush(tag: number): void;
	/** Idempotent; nothing is called afterwards. */
	close(): void;
}
