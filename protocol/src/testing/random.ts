/** A small seeded generator (mulberry32) for campaigns whose every failure can be replayed from its seed. */
export class Random {
	#state: number;

	/** The same seed gives the same numbers. */
	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** A whole number from 0 to `bound` − 1. */
	below(bound: number): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let value = this.#state;
		value = Math.imul(value ^ (value >>> 15), value | 1);
		value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
		return Math.floor((((value ^ (value >>> 14)) >>> 0) / 0x1_0000_0000) * bound);
	}

	/** One of `items`. @throws {RangeError} when there is none. */
	pick<T>(items: readonly T[]): T {
		const item = items[this.below(items.length)];
		if (item === undefined) throw new RangeError("nothing to pick from");
		return item;
	}

	/** Random bytes. */
	bytes(length: number): Uint8Array {
		return Uint8Array.from({ length }, () => this.below(256));
	}
}
