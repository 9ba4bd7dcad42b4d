/** A vibration. */
export interface HapticPattern {
	/** Time of a pulse in ms. */
	readonly on: number;
	/** Pause after a pulse in ms. */
	readonly off: number;
	/** Number of pulses. */
	readonly pulses: number;
}

/** The vibration motor. */
export interface Haptic {
	/** Plays a pattern; replaces the one being played. */
	play(pattern: HapticPattern): void;
	/** Idempotent. */
	close(): void;
}
