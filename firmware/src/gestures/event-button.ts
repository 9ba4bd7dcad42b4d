import type { ButtonRecognizer, GestureTimes, OnButtonGesture } from "./gestures.ts";

const NEVER = Number.POSITIVE_INFINITY;

/**
 * The event button. A double press is told at its second press, since there is no time to lose. A single press is
 * told when no second one can follow, and only if it was let go by then: a press that was kept down longer was meant
 * as a hold. A press that completes a double press, or follows it at once, is neither a hold nor another press, so
 * that a hand that shakes or stays on the button does not undo what it has just started.
 */
export class EventButton implements ButtonRecognizer {
	private readonly times: GestureTimes;
	private readonly onGesture: OnButtonGesture;
	/** Time of a press that may become the first of a double press. */
	private firstPress = -NEVER;
	/** Time of the last press that belongs to a double press. */
	private doubled = -NEVER;
	/** When the press that was let go becomes a single one. */
	private pressAt = NEVER;
	/** When the press under way becomes a hold. */
	private holdAt = NEVER;

	/** @param times - see `GestureTimes` @param onGesture - called from `press` and `tick` */
	constructor(times: GestureTimes, onGesture: OnButtonGesture) {
		this.times = times;
		this.onGesture = onGesture;
	}

	get due(): number {
		return this.pressAt < this.holdAt ? this.pressAt : this.holdAt;
	}

	press(time: number): void {
		this.tick(time);
		const { doublePress, hold } = this.times;
		if (time - this.doubled <= doublePress) {
			this.doubled = time;
			return;
		}
		if (time - this.firstPress <= doublePress) {
			this.cancel();
			this.doubled = time;
			this.onGesture("double-press", time);
			return;
		}
		this.firstPress = time;
		this.holdAt = time + hold;
	}

	release(time: number): void {
		this.tick(time);
		this.holdAt = NEVER;
		// A second press at the very end of the time still makes a double press.
		if (time - this.firstPress <= this.times.doublePress)
			this.pressAt = this.firstPress + this.times.doublePress + 1;
	}

	tick(now: number): void {
		if (now >= this.holdAt) {
			const at = this.holdAt;
			this.cancel();
			this.onGesture("hold", at);
		}
		if (now >= this.pressAt) {
			const at = this.firstPress;
			this.pressAt = NEVER;
			this.firstPress = -NEVER;
			this.onGesture("press", at);
		}
	}

	cancel(): void {
		this.firstPress = -NEVER;
		this.pressAt = NEVER;
		this.holdAt = NEVER;
	}
}
