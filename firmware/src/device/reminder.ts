import type { Timer, Timers } from "../hal/timers.ts";

/** Reminds the wearer, by a pulse now and then, that a recording runs. */
export class Reminder {
	private readonly timer: Timer;
	private readonly intervalMs: () => number;

	/** @param options - clock and timers, the interval now in ms (0: never), and what reminds */
	constructor(options: {
		readonly timers: Timers;
		readonly intervalMs: () => number;
		readonly remind: () => void;
	}) {
		this.intervalMs = options.intervalMs;
		this.timer = options.timers.create(() => {
			options.remind();
			this.wait();
		});
	}

	/** Reminds while `recording`. */
	set(recording: boolean): void {
		if (!recording) this.timer.stop();
		else if (!this.timer.running) this.wait();
	}

	private wait(): void {
		const intervalMs = this.intervalMs();
		if (intervalMs > 0) this.timer.start(intervalMs * 1000);
	}
}
