/** What the wearer did with one button. */
export type ButtonGesture =
	/** Pressed and let go, once. */
	| "press"
	/** Twice in a row. */
	| "double-press"
	/** Three times in a row; the event button takes it for a double press. */
	| "triple-press"
	/** Kept down. */
	| "hold"
	/** Pressed, let go, pressed again and kept down. */
	| "press-hold"
	/** Kept down for much longer. */
	| "long-hold";

/** Times that tell gestures apart, µs. */
export interface GestureTimes {
	/** Longest time from one press to the next of a row. */
	readonly doublePress: number;
	/** How long a press is kept down to be a hold. */
	readonly hold: number;
	/** How long it is kept down to be a long hold. */
	readonly longHold: number;
	/** How long both buttons are kept down together. */
	readonly bothHold: number;
	/** How long a level has to stay to count. */
	readonly debounce: number;
}

/** How long the function button is kept down for a long hold, ms: nobody does so by accident. */
export const LONG_HOLD_MS = 10_000;

/** How long both buttons are kept down, ms: short, since there is no time; two fingers do not do it by accident. */
export const BOTH_HOLD_MS = 1000;

/** Called with the gesture of one button and its time in µs. */
export type OnButtonGesture = (kind: ButtonGesture, time: number) => void;

/** Recognises the gestures of one button from levels that have settled. Nothing is allocated. */
export interface ButtonRecognizer {
	/** When `tick` is wanted next, µs; infinite when it is not. */
	readonly due: number;
	/** The button was pressed at that time, µs. */
	press(time: number): void;
	/** It was let go at that time, µs. */
	release(time: number): void;
	/** Time has passed. */
	tick(now: number): void;
	/** What is under way is no gesture. */
	cancel(): void;
}
