import type { FlashSlot } from "../hal/flash.ts";
import { type MediaMemory, type MediaRegion, SHA256_CONTEXT_BYTES } from "../hal/media-memory.ts";

const HASH_BYTES = 32;

/** Offsets within the working memory. */
const RESULT = SHA256_CONTEXT_BYTES;
const BUFFER = 256;

/** Least bytes of working memory: a digest's state and a buffer of a sector. */
export const FLASH_WORK_BYTES_MIN = BUFFER + 4096;

/**
 * Working memory for flash: bytes pass through it on their way, one user after the other. The areas of a camera share
 * one.
 */
export class FlashWork {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where a digest's state lies. */
	readonly contextAt: number;
	/** Where its result goes. */
	readonly resultAt: number;
	/** The buffer. */
	readonly bufferAt: number;
	/** Bytes of the buffer. */
	readonly bufferBytes: number;
	private last: Promise<unknown> = Promise.resolve();

	/** @param region - at least `FLASH_WORK_BYTES_MIN` at an offset divisible by 8 @throws RangeError when it is smaller */
	constructor(memory: MediaMemory, region: MediaRegion) {
		if (region.bytes < FLASH_WORK_BYTES_MIN)
			throw new RangeError("the working memory for flash is too small");
		this.memory = memory;
		this.contextAt = region.at;
		this.resultAt = region.at + RESULT;
		this.bufferAt = region.at + BUFFER;
		this.bufferBytes = region.bytes - BUFFER;
	}

	/** Does work when all that was asked for before is done. */
	inTurn<T>(work: () => Promise<T>): Promise<T> {
		const result = this.last.then(work);
		this.last = result.catch(() => undefined);
		return result;
	}
}

/** An area of the flash as byte strings. Promises are rejected with `BoardRequestError` when the flash refuses. */
export class FlashAccess {
	private readonly flash: Pick<FlashSlot, "read" | "write" | "erase">;
	private readonly work: FlashWork;

	constructor(flash: Pick<FlashSlot, "read" | "write" | "erase">, work: FlashWork) {
		this.flash = flash;
		this.work = work;
	}

	/** Reads bytes, at most those of the working memory's buffer. */
	read(offset: number, length: number): Promise<Uint8Array> {
		const { memory, bufferAt, bufferBytes } = this.work;
		if (length > bufferBytes) return Promise.reject(new RangeError(`${length} bytes cannot be read at once`));
		return this.work.inTurn(async () => {
			await this.flash.read(offset, length, bufferAt);
			return new Uint8Array(memory.memory, bufferAt, length).slice();
		});
	}

	/** Writes whole write units, at most those of the working memory's buffer. */
	write(offset: number, bytes: Uint8Array): Promise<void> {
		const { memory, bufferAt, bufferBytes } = this.work;
		if (bytes.length > bufferBytes)
			return Promise.reject(new RangeError(`${bytes.length} bytes cannot be written at once`));
		return this.work.inTurn(() => {
			new Uint8Array(memory.memory, bufferAt, bytes.length).set(bytes);
			return this.flash.write(offset, bytes.length, bufferAt);
		});
	}

	/** Erases whole sectors. */
	erase(offset: number, length: number): Promise<void> {
		return this.flash.erase(offset, length);
	}

	/** SHA-256 of the bytes from the beginning of the area on. */
	digest(length: number): Promise<Uint8Array> {
		const { memory, contextAt, resultAt, bufferAt, bufferBytes } = this.work;
		return this.work.inTurn(async () => {
			memory.sha256Begin(contextAt);
			for (let at = 0; at < length; at += bufferBytes) {
				const part = Math.min(bufferBytes, length - at);
				await this.flash.read(at, part, bufferAt);
				memory.sha256Update(contextAt, bufferAt, part);
			}
			memory.sha256End(contextAt, resultAt);
			return new Uint8Array(memory.memory, resultAt, HASH_BYTES).slice();
		});
	}
}
