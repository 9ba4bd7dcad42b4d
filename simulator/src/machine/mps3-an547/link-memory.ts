/**
 * The memory that the image and this process share: a sparse file that the emulator maps as its external RAM.
 */
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import type { MediaMemory } from "../media-memory.ts";
import { BoardLink } from "./board-link.ts";

/** The shared memory, by byte offset. Everything is little-endian. */
export class LinkMemory {
	readonly #scratch = new DataView(new ArrayBuffer(8));
	readonly #word = new Uint8Array(this.#scratch.buffer, 0, 4);
	readonly #double = new Uint8Array(this.#scratch.buffer);
	#file: number | undefined;

	/** Makes the file; what was never written reads as zeros. @throws the file system's error when it cannot */
	constructor(path: string) {
		this.#file = openSync(path, "wx+", 0o600);
		ftruncateSync(this.#file, BoardLink.SIZE);
	}

	/** Reads into a buffer as many bytes as it has, or `length`. */
	read(at: number, into: Uint8Array, length = into.length): void {
		for (let done = 0; done < length; ) {
			const count = readSync(this.#open(), into, done, length - done, at + done);
			if (count === 0) throw new RangeError(`the shared memory ends before ${at + length}`);
			done += count;
		}
	}

	/** Writes bytes of a buffer. @param from - the first of them @param length - how many */
	write(at: number, bytes: Uint8Array, from = 0, length = bytes.length - from): void {
		for (let done = 0; done < length; ) {
			done += writeSync(this.#open(), bytes, from + done, length - done, at + done);
		}
	}

	/** A 32-bit word. */
	u32(at: number): number {
		this.read(at, this.#word);
		return this.#scratch.getUint32(0, true);
	}

	/** A double. */
	f64(at: number): number {
		this.read(at, this.#double);
		return this.#scratch.getFloat64(0, true);
	}

	/** Writes a 32-bit word. */
	setU32(at: number, value: number): void {
		this.#scratch.setUint32(0, value, true);
		this.write(at, this.#word);
	}

	/** Writes a double. */
	setF64(at: number, value: number): void {
		this.#scratch.setFloat64(0, value, true);
		this.write(at, this.#double);
	}

	/** Whether it can still be read. */
	get open(): boolean {
		return this.#file !== undefined;
	}

	/** Gives the memory back. Idempotent. */
	close(): void {
		if (this.#file !== undefined) closeSync(this.#file);
		this.#file = undefined;
	}

	#open(): number {
		if (this.#file === undefined) throw new Error("the shared memory is closed");
		return this.#file;
	}
}

/** The part of the shared memory that is media memory. */
export class LinkedMediaMemory implements MediaMemory {
	readonly length: number;
	readonly #memory: LinkMemory;

	/** @param length - its size, bytes */
	constructor(memory: LinkMemory, length: number) {
		this.#memory = memory;
		this.length = length;
	}

	write(at: number, bytes: Uint8Array): void {
		if (at + bytes.length > this.length)
			throw new RangeError(`${bytes.length} bytes at ${at} leave media memory`);
		this.#memory.write(BoardLink.MEDIA + at, bytes);
	}

	read(at: number, length: number): Uint8Array {
		const bytes = new Uint8Array(Math.max(0, Math.min(length, this.length - at)));
		this.#memory.read(BoardLink.MEDIA + at, bytes);
		return bytes;
	}
}
