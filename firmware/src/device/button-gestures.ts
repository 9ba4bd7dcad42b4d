import type { GestureRule } from "@bodycam/protocol/policy/document";
import { type Gesture, GestureRecognizer } from "../gestures/gestures.ts";
import type { Button, ButtonOptions } from "../hal/button.ts";
import type { Timer, Timers } from "../hal/timers.ts";

/** Options of `ButtonGestures`. */
export interface ButtonGesturesOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** Times that tell gestures apart. */
	readonly rule: GestureRule;
	/** Opens the button's driver with the callback. */
	openButton(options: Pick<ButtonOptions, "onEdge">): Button;
	/** A gesture. @param time - when, µs on the board's clock */
	readonly onGesture: (gesture: Gesture, time: number) => void;
}

/** Gestures of one button of the camera: joins recogniser, button and timer. */
export class ButtonGestures {
	private readonly onGesture: ButtonGesturesOptions["onGesture"];
	private recognizer: GestureRecognizer;
	private readonly timer: Timer;

	/** @param options - see `ButtonGesturesOptions` */
	constructor(options: ButtonGesturesOptions) {
		const { timers, rule, onGesture } = options;
		this.onGesture = onGesture;
		this.recognizer = this.recognize(rule);
		this.timer = timers.create(() => {
			this.recognizer.tick(timers.now());
			this.wait();
		});
		options.openButton({
			onEdge: (pressed, time) => {
				this.recognizer.edge(pressed, time);
				this.wait();
			},
		});
	}

	/** Other times tell gestures apart from now on; a gesture under way is forgotten. */
	follow(rule: GestureRule): void {
		this.recognizer = this.recognize(rule);
		this.wait();
	}

	private recognize(rule: GestureRule): GestureRecognizer {
		const times = {
			doublePress: rule.doublePressMs * 1000,
			hold: rule.holdMs * 1000,
			debounce: rule.debounceMs * 1000,
		};
		return new GestureRecognizer({ times, onGesture: this.onGesture });
	}

	private wait(): void {
		const { due } = this.recognizer;
		if (due === Number.POSITIVE_INFINITY) this.timer.stop();
		else this.timer.startAt(due);
	}
}
