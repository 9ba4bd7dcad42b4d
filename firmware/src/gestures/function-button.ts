import type { ButtonRecognizer, GestureTimes, OnButtonGesture } from "./gestures.ts";

const NEVER = Number.POSITIVE_INFINITY;

/**
 * The function button: presses are counted and told when no further one can follow, with the time of the first; the
 * last press of a row may be kept down. A row of more than three presses, and a last press that was kept down but
 * not long enough, mean nothing.
 */
export class FunctionButton implements ButtonRecognizer {
	private readonly times: GestureTimes;
	private readonly onGesture: OnButtonGesture;
	private presses = 0;
	private firstPress = 0;
	private lastPress = -NEVER;
	/** When the row that was let go is over. */
	private endAt = NEVER;
	/** When the press under way becomes a hold. */
	private holdAt = NEVER;
	/** When the hold under way becomes a long one. */
	private longAt = NEVER;

	/** @param times - see `GestureTimes` @param onGesture - called from `tick` */
	constructor(times: GestureTimes, onGesture: OnButtonGesture) {
		this.times = times;
		this.onGesture = onGesture;
	}

	get due(): number {
		return Math.min(this.endAt, this.holdAt, this.longAt);
	}

	press(time: number): void {
		this.tick(time);
		const follows = this.presses > 0 && time - this.lastPress <= this.times.doublePress;
		this.presses = follows ? this.presses + 1 : 1;
		if (!follows) this.firstPress = time;
		this.lastPress = time;
		this.endAt = NEVER;
		this.holdAt = this.presses <= 2 ? time + this.times.hold : NEVER;
	}

	release(time: number): void {
		this.tick(time);
		this.longAt = NEVER;
		this.holdAt = NEVER;
		if (this.presses === 0) return;
		if (time - this.lastPress <= this.times.doublePress)
			this.endAt = this.lastPress + this.times.doublePress + 1;
		else this.presses = 0;
	}

	tick(now: number): void {
		if (now >= this.holdAt) {
			const at = this.holdAt;
			const alone = this.presses === 1;
			this.cancel();
			if (alone) this.longAt = this.lastPress + this.times.longHold;
			this.onGesture(alone ? "hold" : "press-hold", at);
		}
		if (now >= this.longAt) {
			const at = this.longAt;
			this.longAt = NEVER;
			this.onGesture("long-hold", at);
		}
		if (now >= this.endAt) {
			const { presses } = this;
			this.cancel();
			if (presses === 1) this.onGesture("press", this.firstPress);
			else if (presses === 2) this.onGesture("double-press", this.firstPress);
			else if (presses === 3) this.onGesture("triple-press", this.firstPress);
		}
	}

	cancel(): void {
		this.presses = 0;
		this.endAt = NEVER;
		this.holdAt = NEVER;
		this.longAt = NEVER;
	}
}
