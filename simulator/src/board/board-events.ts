import type { HapticPulse } from "../peripherals/haptic.ts";
import type { LightState } from "../peripherals/indicator.ts";
import type { LogLevel } from "../peripherals/system.ts";

/** A restart of the engine. */
export interface BoardReset {
	/** Name of the `ResetReason`. */
	readonly reason: string;
	/** What the firmware died of, with its stack; empty when it was asked to restart. */
	readonly message: string;
}

/** What someone who watches a board is told. Times in µs of board time. */
export interface BoardEvents {
	/** A line of the firmware's log. */
	onLog?(level: LogLevel, text: string, time: number): void;
	/** The engine is about to boot. */
	onBoot?(reason: string, time: number): void;
	/** The engine was reset. */
	onReset?(reset: BoardReset, time: number): void;
	/** The board gives up: the firmware died again and again, or there is none. */
	onFailed?(error: Error): void;
	/** The firmware broke a rule of a peripheral. */
	onViolation?(message: string, time: number): void;
	/** A light changed. Unit 0 faces the public, 1 the wearer. */
	onLight?(unit: number, state: LightState, time: number): void;
	/** The display changed. */
	onDisplay?(text: string, time: number): void;
	/** The device vibrated. */
	onHaptic?(pulse: HapticPulse): void;
}
