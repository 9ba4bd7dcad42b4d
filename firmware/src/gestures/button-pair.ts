import { Debounce } from "./debounce.ts";
import { EventButton } from "./event-button.ts";
import { FunctionButton } from "./function-button.ts";
import type { ButtonGesture, ButtonRecognizer, GestureTimes } from "./gestures.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** What takes the gestures of a pair of buttons; times in µs. */
export interface GestureListener {
	/** A gesture of one button. */
	onGesture(button: "event" | "function", kind: ButtonGesture, time: number): void;
	/** Both buttons were kept down together. */
	onBothHeld(time: number): void;
}

/**
 * Recognises the gestures of the two buttons from their raw edges. While both are down neither makes a gesture of
 * its own, and not before both have been let go.
 *
 * Pure: it is told the time, and says in `due` when it wants to be told next. Nothing is allocated.
 */
export class ButtonPair {
	private readonly times: GestureTimes;
	private readonly listener: GestureListener;
	private readonly levels: { readonly event: Debounce; readonly function: Debounce };
	private readonly recognizers: {
		readonly event: ButtonRecognizer;
		readonly function: ButtonRecognizer;
	};
	/** Both have been down and not all are up yet. */
	private together = false;
	/** When both have been kept down long enough. */
	private bothAt = NEVER;

	/** @param times - see `GestureTimes` @param listener - called from `edge` and `tick` */
	constructor(times: GestureTimes, listener: GestureListener) {
		this.times = times;
		this.listener = listener;
		this.levels = { event: new Debounce(times.debounce), function: new Debounce(times.debounce) };
		this.recognizers = {
			event: new EventButton(times, (kind, time) => listener.onGesture("event", kind, time)),
			function: new FunctionButton(times, (kind, time) => listener.onGesture("function", kind, time)),
		};
	}

	/** When `tick` is wanted next, µs on the same clock; infinite when it is not. */
	get due(): number {
		return Math.min(this.bothDue(), this.dueOf("event"), this.dueOf("function"));
	}

	/** A raw edge of a button. @param time - µs, never going back */
	edge(button: "event" | "function", pressed: boolean, time: number): void {
		this.tick(time);
		this.levels[button].edge(pressed, time);
	}

	/** Time has passed. */
	tick(now: number): void {
		this.settle("event", now);
		this.settle("function", now);
		if (now >= this.bothDue()) {
			const at = this.bothAt;
			this.bothAt = NEVER;
			this.listener.onBothHeld(at);
		}
		// While a level is unsettled its gestures wait: the edge may be a release just before the end of a hold.
		if (this.levels.event.due === NEVER) this.recognizers.event.tick(now);
		if (this.levels.function.due === NEVER) this.recognizers.function.tick(now);
	}

	private dueOf(button: "event" | "function"): number {
		const settles = this.levels[button].due;
		return settles < NEVER ? settles : this.recognizers[button].due;
	}

	private bothDue(): number {
		const { event, function: other } = this.levels;
		return event.due === NEVER && other.due === NEVER ? this.bothAt : NEVER;
	}

	private settle(button: "event" | "function", now: number): void {
		const level = this.levels[button];
		if (!level.settle(now)) return;
		const { event, function: other } = this.levels;
		if (event.pressed && other.pressed) {
			this.together = true;
			this.recognizers.event.cancel();
			this.recognizers.function.cancel();
			this.bothAt = Math.max(event.since, other.since) + this.times.bothHold;
		} else if (this.together) {
			if (level.since < this.bothAt) this.bothAt = NEVER;
			this.together = event.pressed || other.pressed;
		} else if (level.pressed) this.recognizers[button].press(level.since);
		else this.recognizers[button].release(level.since);
	}
}
