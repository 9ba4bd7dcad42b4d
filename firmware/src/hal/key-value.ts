/** Largest value of a key in bytes. */
export const KEY_VALUE_MAX_BYTES = 4096;

/** Small persistent values by name, in the pattern of ECMA-419 KeyValue. A `write` is atomic against power cuts. */
export interface KeyValue {
	/** The value of a key, a copy owned by the caller; undefined when there is none. Rejects with `BoardRequestError`. */
	read(key: string): Promise<Uint8Array | undefined>;
	/** Replaces the value of a key. Rejects with `BoardRequestError`, or RangeError above `KEY_VALUE_MAX_BYTES`. */
	write(key: string, value: Uint8Array): Promise<void>;
	/** Deletes a key; a missing one is no error. Rejects with `BoardRequestError`. */
	delete(key: string): Promise<void>;
	/** Idempotent; requests under way are rejected. */
	close(): void;
}
