/** Payloads start at multiples of this. */
const ALIGNMENT = 4;

/**
 * The buffer the firmware gave a peripheral, used ring-wise: payloads lie in one piece each, in the order of
 * arrival, and come back in that order. Offsets are into media memory.
 */
export class DmaRing {
	#base = 0;
	#length = 0;
	#head = 0;
	#tail = 0;
	#used = 0;

	/** True once the firmware has given a buffer. */
	get configured(): boolean {
		return this.#length > 0;
	}

	/** Bytes that payloads hold, alignment and the unused end included. */
	get used(): number {
		return this.#used;
	}

	/** Takes over a buffer; what was in another one before is forgotten, the same one again changes nothing. */
	configure(at: number, length: number): void {
		const usable = length - (length % ALIGNMENT);
		if (at === this.#base && usable === this.#length) return;
		this.#base = at;
		this.#length = usable;
		this.#head = 0;
		this.#tail = 0;
		this.#used = 0;
	}

	/** Forgets the buffer, as a reset does. */
	forget(): void {
		this.configure(0, 0);
	}

	/** Reserves room for a payload and returns its offset, or -1 when there is none. */
	reserve(length: number): number {
		const padded = padding(length);
		const skipped = this.#head + padded > this.#length ? this.#length - this.#head : 0;
		if (length === 0 || this.#used + skipped + padded > this.#length) return -1;
		if (skipped > 0) this.#head = 0;
		const at = this.#base + this.#head;
		this.#head += padded;
		if (this.#head === this.#length) this.#head = 0;
		this.#used += skipped + padded;
		return at;
	}

	/** Takes a payload back. False when it is not the oldest one, which breaks the rule. */
	release(at: number, length: number): boolean {
		const padded = padding(length);
		let offset = at - this.#base;
		let freed = padded;
		if (offset !== this.#tail) {
			if (offset !== 0) return false;
			freed += this.#length - this.#tail;
		}
		if (freed > this.#used || length === 0) return false;
		offset += padded;
		this.#tail = offset === this.#length ? 0 : offset;
		this.#used -= freed;
		return true;
	}
}

function padding(length: number): number {
	return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
