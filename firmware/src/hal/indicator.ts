/** Whom a light faces. */
export type IndicatorFacing = "public" | "wearer";

/** How a light shines. */
export interface IndicatorPattern {
	/** Colour as 0xRRGGBB; 0 is dark. */
	readonly color: number;
	/** Time lit in ms; ignored when `off` is 0. */
	readonly on: number;
	/** Time dark in ms; 0 makes the light steady. */
	readonly off: number;
}

/** Options of an indicator light. */
export interface IndicatorOptions {
	/** Which light. */
	readonly facing: IndicatorFacing;
}

/** An indicator light. */
export interface Indicator {
	/** Shows a pattern until the next one. */
	show(pattern: IndicatorPattern): void;
	/** Puts the light out. Idempotent. */
	close(): void;
}
