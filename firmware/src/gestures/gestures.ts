import { Debounce } from "./debounce.ts";

/** What the wearer did with a button. */
export type Gesture = "double-press" | "hold";

/** Times that tell gestures apart, µs. */
export interface GestureTimes {
	/** Longest time from the first press to the second of a double press. */
	readonly doublePress: number;
	/** How long a press is held to be a hold. */
	readonly hold: number;
	/** How long a level has to stay to count. */
	readonly debounce: number;
}

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Recognises gestures from the raw edges of one button: a double press, told at its second press; a hold, told
 * while the button is still down. A press that completes a double press cannot become a hold, so that an
 * agitated wearer who keeps the button down after the double press does not stop what was just started.
 *
 * Pure: it is told the time, and says in `due` when it wants to be told next. Nothing is allocated.
 */
export class GestureRecognizer {
	private readonly times: GestureTimes;
	private readonly onGesture: (gesture: Gesture, time: number) => void;
	private readonly debounce: Debounce;
	/** Time of a press that may become the first of a double press. */
	private firstPress = -NEVER;
	/** When the press under way becomes a hold. */
	private holdAt = NEVER;

	/**
	 * @param options - `times`, and `onGesture`: called from `edge` and `tick` with the time of the edge (or the
	 * end of the holding time) in µs
	 */
	constructor(options: {
		readonly times: GestureTimes;
		readonly onGesture: (gesture: Gesture, time: number) => void;
	}) {
		this.times = options.times;
		this.onGesture = options.onGesture;
		this.debounce = new Debounce(options.times.debounce);
	}

	/** When `tick` is wanted next, µs on the same clock; infinite when it is not. */
	get due(): number {
		return this.debounce.due < NEVER ? this.debounce.due : this.holdAt;
	}

	/** A raw edge. @param time - µs, never going back */
	edge(pressed: boolean, time: number): void {
		this.tick(time);
		this.debounce.edge(pressed, time);
	}

	/** Time has passed. */
	tick(now: number): void {
		if (this.debounce.settle(now)) {
			if (this.debounce.pressed) this.press(this.debounce.since);
			else this.release(this.debounce.since);
		}
		// While the level is unsettled a hold waits: the edge may be a release just before its end.
		if (now >= this.holdAt && this.debounce.due === NEVER) {
			const at = this.holdAt;
			this.holdAt = NEVER;
			this.onGesture("hold", at);
		}
	}

	private press(time: number): void {
		if (time - this.firstPress <= this.times.doublePress) {
			this.firstPress = -NEVER;
			this.onGesture("double-press", time);
		} else {
			this.firstPress = time;
			this.holdAt = time + this.times.hold;
		}
	}

	private release(time: number): void {
		if (time < this.holdAt) this.holdAt = NEVER;
	}
}
