/** Options of the real-time clock. Callbacks are never invoked inside a method. */
export interface RealTimeClockOptions {
	/** The clock told its time: after boot and after every setting. */
	onTime?(): void;
}

/** The wall clock, in the pattern of ECMA-419 RTC. */
export interface RealTimeClock {
	/** Time now in ms since 1970 UTC; undefined while the clock is unset. */
	readonly time: number | undefined;
	/** How far `time` may be off, ms; 0 while the clock is unset. */
	readonly uncertainty: number;
	/** Sets the clock to `time` in ms since 1970 UTC, which is an `isWallTime`. Takes effect when `onTime` is called. */
	set(time: number): void;
	/** Idempotent; nothing is called afterwards. */
	close(): void;
}
