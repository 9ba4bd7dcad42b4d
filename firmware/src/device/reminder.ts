import type { Timer, Timers } from "../hal/timers.ts";

/** Reminds the wearer, by a pulse now and then, that a recording runs. */
export class Reminder {
	private readonly timer: Timer;
	private readonly interval: number;

	/** @param options - clock and timers, the interval in ms (0: never), and what reminds */
	constructor(options: {
		readonly timers: Timers;
		readonly intervalMs: number;
		readonly remind: () => void;
	}) {
		this.interval = options.intervalMs * 1000;
		this.timer = options.timers.create(() => {
			options.remind();
			this.timer.start(this.interval);
		});
	}

	/** Reminds while `recording`. */
	set(recording: boolean): void {
		if (!recording || this.interval === 0) this.timer.stop();
		else if (!this.timer.running) this.timer.start(this.interval);
	}
}
