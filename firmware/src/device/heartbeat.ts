import type { Timers } from "../hal/timers.ts";
import type { Watchdog } from "../hal/watchdog.ts";

/** Time between two signs of life, µs; well below the watchdog's limit. */
const INTERVAL = 2_500_000;

/** Feeds the watchdog from the timers, so that a camera whose timers stand still is reset; samples the heap. */
export class Heartbeat {
	private readonly heap: () => number;
	private peak = 0;

	/** @param options - clock and timers, the watchdog, and the live bytes of the heap */
	constructor(options: {
		readonly timers: Timers;
		readonly watchdog: Watchdog;
		readonly heap: () => number;
	}) {
		const { timers, watchdog } = options;
		this.heap = options.heap;
		const timer = timers.create(() => {
			watchdog.feed();
			this.sample();
			timer.start(INTERVAL);
		});
		timer.start(0);
	}

	/** Live bytes of the heap now, and the most seen. */
	sample(): { readonly liveBytes: number; readonly peakBytes: number } {
		const liveBytes = this.heap();
		this.peak = Math.max(this.peak, liveBytes);
		return { liveBytes, peakBytes: this.peak };
	}
}
