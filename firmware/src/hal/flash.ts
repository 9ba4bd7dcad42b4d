/** Which area of the flash: the security counter, one of the two image slots, the log. */
export type FlashSlotName = "counter" | "primary" | "secondary" | "log";

/** Geometry of an area. */
export interface FlashStatus {
	/** Size in bytes. */
	readonly size: number;
	/** Bytes of an erase block. */
	readonly blockLength: number;
	/** Number of erase blocks. */
	readonly blocks: number;
	/** Offsets and lengths of writes are multiples of this many bytes. */
	readonly writeAlign: number;
}

/** Options of a flash area. */
export interface FlashSlotOptions {
	/** Which area. */
	readonly slot: FlashSlotName;
}

/**
 * An area of the flash, in the pattern of ECMA-419 Flash. A byte can be written once after each erase. Every
 * method's promise is rejected with `BoardRequestError` when the flash refuses or the area is closed.
 */
export interface FlashSlot {
	/** Reads the geometry. */
	status(): Promise<FlashStatus>;
	/** Reads `length` bytes at `offset` into media memory at `at`. */
	read(offset: number, length: number, at: number): Promise<void>;
	/** Writes `length` bytes from media memory at `at`; they must not change before the promise settles. */
	write(offset: number, length: number, at: number): Promise<void>;
	/** Erases the blocks of the range, to 0xff. */
	erase(offset: number, length: number): Promise<void>;
	/** Idempotent; requests under way are rejected. */
	close(): void;
}
