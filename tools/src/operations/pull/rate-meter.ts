/** Bytes a second over the last while. */
export class RateMeter {
	readonly #windowMs: number;
	readonly #samples: { readonly at: number; readonly bytes: number }[] = [];

	/** @param windowMs - the while, ms */
	constructor(windowMs: number) {
		this.#windowMs = windowMs;
	}

	/** Notes the bytes received so far at a moment in ms. */
	note(at: number, bytes: number): void {
		this.#samples.push({ at, bytes });
		while ((this.#samples[1]?.at ?? at) <= at - this.#windowMs) this.#samples.shift();
	}

	/** Bytes a second; 0 while unknown. */
	get rate(): number {
		const first = this.#samples[0];
		const last = this.#samples.at(-1);
		if (first === undefined || last === undefined || last.at <= first.at) return 0;
		return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
	}
}
