/** Which bytes of a file have been received, when pieces come in any order: how far it is whole, and how much there is. */
export class ReceivedRanges {
	/** Start to end of pieces beyond the whole part. */
	readonly #beyond = new Map<number, number>();
	#whole: number;
	#bytes: number;

	/** @param whole - bytes from the start that are there already */
	constructor(whole: number) {
		this.#whole = whole;
		this.#bytes = whole;
	}

	/** Bytes from the start without a gap. */
	get whole(): number {
		return this.#whole;
	}

	/** Bytes received in all. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Notes a piece; pieces never overlap. */
	add(start: number, length: number): void {
		this.#bytes += length;
		this.#beyond.set(start, start + length);
		for (let end = this.#beyond.get(this.#whole); end !== undefined; end = this.#beyond.get(this.#whole)) {
			this.#beyond.delete(this.#whole);
			this.#whole = end;
		}
	}
}
