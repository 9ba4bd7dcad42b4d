import { createHash, randomFillSync } from "node:crypto";

/** One stream of random numbers. */
export interface RandomStream {
	/** 32 random bits, as an unsigned number. */
	u32(): number;
	/** A number from 0 up to, not including, `limit`. */
	below(limit: number): number;
	/** Fills the bytes. */
	fill(bytes: Uint8Array): void;
}

/** Where all randomness of a world comes from. */
export interface Randomness {
	/** The seed, undefined when the operating system's entropy is used. */
	readonly seed: number | undefined;
	/** An independent stream for the named user; the same name gives the same stream under the same seed. */
	stream(name: string): RandomStream;
}

/** The operating system's entropy. */
class EntropyStream implements RandomStream {
	readonly #words = new Uint32Array(256);
	#next = 256;

	u32(): number {
		if (this.#next === this.#words.length) {
			randomFillSync(this.#words);
			this.#next = 0;
		}
		return this.#words[this.#next++] ?? 0;
	}

	below(limit: number): number {
		return Math.floor((this.u32() / 2 ** 32) * limit);
	}

	fill(bytes: Uint8Array): void {
		randomFillSync(bytes);
	}
}

/** sfc32 (Chris Doty-Humphrey's Small Fast Counting generator, PractRand), seeded from SHA-256. */
class SeededStream implements RandomStream {
	#a: number;
	#b: number;
	#c: number;
	#counter = 1;

	constructor(seed: number, name: string) {
		const digest = createHash("sha256").update(`${seed}/${name}`).digest();
		this.#a = digest.readInt32LE(0);
		this.#b = digest.readInt32LE(4);
		this.#c = digest.readInt32LE(8);
		for (let round = 0; round < 12; round++) this.u32();
	}

	u32(): number {
		const result = (this.#a + this.#b + this.#counter) | 0;
		this.#counter = (this.#counter + 1) | 0;
		this.#a = this.#b ^ (this.#b >>> 9);
		this.#b = (this.#c + (this.#c << 3)) | 0;
		this.#c = ((this.#c << 21) | (this.#c >>> 11)) + result;
		return result >>> 0;
	}

	below(limit: number): number {
		return Math.floor((this.u32() / 2 ** 32) * limit);
	}

	fill(bytes: Uint8Array): void {
		for (let at = 0; at < bytes.length; at += 4) {
			const word = this.u32();
			bytes[at] = word;
			if (at + 1 < bytes.length) bytes[at + 1] = word >>> 8;
			if (at + 2 < bytes.length) bytes[at + 2] = word >>> 16;
			if (at + 3 < bytes.length) bytes[at + 3] = word >>> 24;
		}
	}
}

/**
 * Makes the source of randomness. With a seed two worlds give the same numbers, and everything made from them is
 * test material; without one the numbers are the operating system's.
 */
export function createRandomness(seed?: number): Randomness {
	return {
		seed,
		stream: (name) => (seed === undefined ? new EntropyStream() : new SeededStream(seed, name)),
	};
}
