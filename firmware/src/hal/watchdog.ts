/** The watchdog: the board resets the camera unless it is fed in time. */
export interface Watchdog {
	/** The firmware is alive. */
	feed(): void;
	/** Feeds no more; from then on the board waits for the reset, or for another feeder. Idempotent. */
	close(): void;
}

/** Options of a watchdog. */
export interface WatchdogOptions {
	/** Time after the last `feed` at which the board resets the camera, ms. */
	readonly timeout: number;
}
