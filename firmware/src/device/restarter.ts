import type { CaptureController } from "../behaviour/capture-controller.ts";
import type { Timer, Timers } from "../hal/timers.ts";

/** Time a response has to get out before the restart, µs (Zephyr waits as long). */
const DELAY = 250_000;

/** Longest time a forced restart waits for a recording to be closed, µs. */
const PATIENCE = 5_000_000;

/** Options of `Restarter`. */
export interface RestarterOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** Capture, which must not be cut off. */
	readonly capture: Pick<CaptureController, "state" | "recording" | "stop">;
	/** Restarts at once. */
	readonly restart: () => void;
}

/** Restarts the camera on request, without losing a recording. */
export class Restarter {
	private readonly options: RestarterOptions;
	private readonly timer: Timer;
	private deadline = 0;

	/** @param options - see `RestarterOptions` */
	constructor(options: RestarterOptions) {
		this.options = options;
		this.timer = options.timers.create(() => this.check());
	}

	/**
	 * Restarts a little later; a recording is stopped and closed first when `force` is set.
	 * @returns false when a recording is under way and `force` is not set
	 */
	request(force: boolean): boolean {
		const { capture, timers } = this.options;
		if ((capture.state === "recording" || capture.state === "paused") && !force) return false;
		capture.stop("reset", timers.now());
		this.deadline = timers.now() + PATIENCE;
		this.timer.start(DELAY);
		return true;
	}

	private check(): void {
		const { capture, timers, restart } = this.options;
		if (capture.recording !== undefined && timers.now() < this.deadline) this.timer.start(DELAY);
		else restart();
	}
}
