/** So many crashes within the window and the board gives up. */
const CRASHES = 5;

/** The window, µs. */
const WINDOW = 30_000_000;

/** Tells a firmware that dies now and then from one that dies at every boot. */
export class CrashGuard {
	#times: number[] = [];

	/** Counts a crash. True when it was one too many. @param now - world time, µs */
	tooMany(now: number): boolean {
		this.#times = [...this.#times.filter((time) => time > now - WINDOW), now];
		return this.#times.length >= CRASHES;
	}
}
