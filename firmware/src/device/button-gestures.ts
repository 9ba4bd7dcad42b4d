import type { GestureRule } from "@bodycam/protocol/policy/document";
import { ButtonPair } from "../gestures/button-pair.ts";
import { BOTH_HOLD_MS, type ButtonGesture, LONG_HOLD_MS } from "../gestures/gestures.ts";
import type { Button, ButtonOptions } from "../hal/button.ts";
import type { Timer, Timers } from "../hal/timers.ts";

/** Options of `ButtonGestures`. */
export interface ButtonGesturesOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** Times that tell gestures apart. */
	readonly rule: GestureRule;
	/** Opens the driver of a button with the callback. */
	openButton(options: ButtonOptions): Button;
	/** A gesture of one button, or of both. @param time - when, µs on the board's clock */
	onGesture(button: "event" | "function" | "both", kind: ButtonGesture, time: number): void;
}

/** Gestures of the camera's two buttons: joins recogniser, buttons and timer. */
export class ButtonGestures {
	private readonly options: ButtonGesturesOptions;
	private readonly timer: Timer;
	private pair: ButtonPair;
	private rule: GestureRule;

	/** @param options - see `ButtonGesturesOptions` */
	constructor(options: ButtonGesturesOptions) {
		const { timers, rule } = options;
		this.options = options;
		this.rule = rule;
		this.pair = this.recognize(rule);
		this.timer = timers.create(() => {
			this.pair.tick(timers.now());
			this.wait();
		});
		for (const button of ["event", "function"] as const) {
			options.openButton({
				button,
				onEdge: (pressed, time) => {
					this.pair.edge(button, pressed, time);
					this.wait();
				},
			});
		}
	}

	/** Other times tell gestures apart from now on; if they are other ones, a gesture under way is forgotten. */
	follow(rule: GestureRule): void {
		const { doublePressMs, holdMs, debounceMs } = this.rule;
		if (rule.doublePressMs === doublePressMs && rule.holdMs === holdMs && rule.debounceMs === debounceMs)
			return;
		this.rule = rule;
		this.pair = this.recognize(rule);
		this.wait();
	}

	private recognize(rule: GestureRule): ButtonPair {
		const { options } = this;
		const times = {
			doublePress: rule.doublePressMs * 1000,
			hold: rule.holdMs * 1000,
			longHold: Math.max(LONG_HOLD_MS, rule.holdMs + 2000) * 1000,
			bothHold: BOTH_HOLD_MS * 1000,
			debounce: rule.debounceMs * 1000,
		};
		return new ButtonPair(times, {
			onGesture: (button, kind, time) => options.onGesture(button, kind, time),
			onBothHeld: (time) => options.onGesture("both", "hold", time),
		});
	}

	private wait(): void {
		const { due } = this.pair;
		if (due === Number.POSITIVE_INFINITY) this.timer.stop();
		else this.timer.startAt(due);
	}
}
