/**
 * Media memory as the board sees it: a region outside the engine's heap that both share, by offset and length.
 */

/** The board's access to an engine's media memory. Offsets and lengths in bytes. */
export interface MediaMemory {
	/** Its size. */
	readonly length: number;
	/** Puts bytes there. @throws RangeError when they do not lie within it */
	write(at: number, bytes: Uint8Array): void;
	/**
	 * The bytes there; they may be a view that changes with the memory, and are valid until the next `run` of the
	 * machine only. A part beyond the end is left out.
	 */
	read(at: number, length: number): Uint8Array;
}

/** Media memory that lies in this process. */
export class LocalMediaMemory implements MediaMemory {
	readonly length: number;
	readonly #bytes: Uint8Array;

	/** @param bytes - the memory itself */
	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
		this.length = bytes.length;
	}

	write(at: number, bytes: Uint8Array): void {
		this.#bytes.set(bytes, at);
	}

	read(at: number, length: number): Uint8Array {
		return this.#bytes.subarray(at, at + length);
	}
}

/** No memory: that of a board without a running engine. */
export const NO_MEDIA: MediaMemory = new LocalMediaMemory(new Uint8Array());
