/** A one-shot timer that is armed again and again; nothing is allocated for that. */
export interface Timer {
	/** Whether it is running. */
	readonly running: boolean;
	/** Starts it, or starts it anew. @param delay - time from now, µs; 0 fires at the next occasion, never inside the call */
	start(delay: number): void;
	/** Starts it, or starts it anew, for a point on the board's clock, µs; one in the past fires at the next occasion. */
	startAt(time: number): void;
	/** Stops it: the callback is not called until the next start. */
	stop(): void;
	/** Stops it and gives it up. Idempotent; the timer cannot be started again. */
	close(): void;
}

/** The monotonic clock and its timers. */
export interface Timers {
	/** Time on the board's clock since power-on, µs. */
	now(): number;
	/** Creates a timer, stopped. `onTimer` is called once for each start that was not stopped or replaced. */
	create(onTimer: () => void): Timer;
}
