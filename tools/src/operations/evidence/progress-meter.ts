import { RateMeter } from "../pull/rate-meter.ts";

/** Time between progress events, ms. */
const PROGRESS_MS = 100;

/** Time the rate is averaged over, ms. */
const RATE_WINDOW_MS = 3000;

/** How far a pass over a file is. */
export interface FileProgress {
	/** Bytes done. */
	readonly bytes: number;
	/** Bytes in all. */
	readonly total: number;
	/** Bytes a second over the last while; 0 while unknown. */
	readonly rate: number;
}

/** Says ten times a second how far a pass over a file is. */
export class ProgressMeter {
	readonly #total: number;
	readonly #rate = new RateMeter(RATE_WINDOW_MS);
	#shown = performance.now();

	/** @param total - bytes of the file */
	constructor(total: number) {
		this.#total = total;
		this.#rate.note(this.#shown, 0);
	}

	/** Notes how far it is; what is to be told, when it is time. */
	reached(bytes: number): FileProgress | undefined {
		const now = performance.now();
		if (now - this.#shown < PROGRESS_MS) return undefined;
		this.#shown = now;
		this.#rate.note(now, bytes);
		return { bytes, total: this.#total, rate: this.#rate.rate };
	}
}
