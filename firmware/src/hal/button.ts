/** Which button of the camera. */
export type ButtonName = "event" | "function";

/** Options of a push button. Callbacks are never invoked inside a method. */
export interface ButtonOptions {
	/** Which button. */
	readonly button: ButtonName;
	/**
	 * A raw edge, not debounced; nothing is allocated for it.
	 * @param pressed - true on the edge into the pressed state
	 * @param time - time of the edge on the board's clock, µs
	 */
	onEdge(pressed: boolean, time: number): void;
}

/** A push button as raw edges, in the pattern of ECMA-419 Digital. */
export interface Button {
	/** Idempotent; nothing is called afterwards. */
	close(): void;
}
