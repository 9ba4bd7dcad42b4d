import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { StateError } from "./state-error.ts";

/** Bytes of a sector. */
export const SECTOR_BYTES = 512;

/** Where the sectors of a card are kept. */
export interface BlockStore {
	/** How many sectors there are. */
	readonly sectors: number;
	/** Reads whole sectors; `into` is a multiple of a sector long. */
	read(sector: number, into: Uint8Array): void;
	/** Writes whole sectors; what has been written survives the end of the process, where the store can. */
	write(sector: number, from: Uint8Array): void;
	/** Leaves nothing open. Idempotent. */
	close(): void;
}

/** Sectors that are kept together in memory. */
const CHUNK_SECTORS = 128;
const CHUNK_BYTES = CHUNK_SECTORS * SECTOR_BYTES;

/** A card in memory; sectors never written take no room and read as zeros. */
export class MemoryBlockStore implements BlockStore {
	readonly sectors: number;
	readonly #chunks = new Map<number, Uint8Array>();

	constructor(sectors: number) {
		this.sectors = sectors;
	}

	read(sector: number, into: Uint8Array): void {
		this.#eachChunk(sector, into, (chunk, offset, part) => {
			const known = this.#chunks.get(chunk);
			if (known) part.set(known.subarray(offset, offset + part.length));
			else part.fill(0);
		});
	}

	write(sector: number, from: Uint8Array): void {
		this.#eachChunk(sector, from, (chunk, offset, part) => {
			let known = this.#chunks.get(chunk);
			if (!known) {
				known = new Uint8Array(CHUNK_BYTES);
				this.#chunks.set(chunk, known);
			}
			known.set(part, offset);
		});
	}

	close(): void {}

	/** The card's bytes from the beginning up to the last sector that was ever written. */
	image(): Uint8Array {
		const last = Math.max(-1, ...this.#chunks.keys());
		const bytes = new Uint8Array(Math.min((last + 1) * CHUNK_SECTORS, this.sectors) * SECTOR_BYTES);
		this.read(0, bytes);
		return bytes;
	}

	#eachChunk(
		sector: number,
		bytes: Uint8Array,
		act: (chunk: number, offset: number, part: Uint8Array) => void,
	): void {
		for (let done = 0; done < bytes.length; ) {
			const at = sector * SECTOR_BYTES + done;
			const offset = at % CHUNK_BYTES;
			const count = Math.min(bytes.length - done, CHUNK_BYTES - offset);
			act(Math.floor(at / CHUNK_BYTES), offset, bytes.subarray(done, done + count));
			done += count;
		}
	}
}

/**
 * A card in a sparse file. Writes go to the host's file at once, so they survive a killed process; they are not
 * forced to the host's disk, whose power is not what is simulated.
 */
export class FileBlockStore implements BlockStore {
	readonly sectors: number;
	#file: number | undefined;

	/**
	 * Opens the image, or makes one of `sectors` when it is not there; an existing one keeps its size.
	 * @throws StateError when it cannot be opened or is not an image
	 */
	constructor(path: string, sectors: number) {
		try {
			// "a+" makes the file when it is not there but writes at its end only: it is opened again to write anywhere.
			closeSync(openSync(path, "a+"));
			this.#file = openSync(path, "r+");
			if (fstatSync(this.#file).size === 0) ftruncateSync(this.#file, sectors * SECTOR_BYTES);
		} catch (error) {
			const advice = "Check its permissions, or give another --state directory.";
			throw new StateError(path, `the card image cannot be opened (${(error as Error).message})`, advice);
		}
		const { size } = fstatSync(this.#file);
		if (size % SECTOR_BYTES !== 0) {
			closeSync(this.#file);
			const advice = `\`bodycam card extract ${path}\` saves what is on it. Then remove the file to start afresh, or give another --state directory.`;
			throw new StateError(path, `the card image is damaged: ${size} bytes are not whole sectors`, advice);
		}
		this.sectors = size / SECTOR_BYTES;
	}

	read(sector: number, into: Uint8Array): void {
		let done = 0;
		while (done < into.length) {
			const count = readSync(this.#open(), into, done, into.length - done, sector * SECTOR_BYTES + done);
			if (count === 0) break;
			done += count;
		}
		into.fill(0, done);
	}

	write(sector: number, from: Uint8Array): void {
		for (let done = 0; done < from.length; ) {
			done += writeSync(this.#open(), from, done, from.length - done, sector * SECTOR_BYTES + done);
		}
	}

	close(): void {
		if (this.#file !== undefined) closeSync(this.#file);
		this.#file = undefined;
	}

	#open(): number {
		if (this.#file === undefined) throw new Error("the card image is closed");
		return this.#file;
	}
}
