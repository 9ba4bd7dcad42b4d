/** Why the firmware booted. */
export type BootReason =
	| "power-on"
	| "requested"
	| "watchdog"
	| "exception"
	| "out-of-memory"
	| "power-cut"
	| "stack-overflow";

/** Reset control. */
export interface ResetControl {
	/** Why this run began. */
	readonly reason: BootReason;
	/** Restarts the camera from the firmware slot; nothing is called afterwards. */
	restart(): void;
	/**
	 * Forgets the starts that count against the image that runs: it works, or the restart to come was asked for from
	 * outside. Without that one restart counts as one more.
	 */
	forgive(): void;
}
