import type { Timer, Timers } from "../hal/timers.ts";

/** What may need a second gesture. */
export type Confirmed = "stop" | "home";

/** How long the second gesture may take, µs. */
export const CONFIRMATION_TIME = 10_000_000;

/** Keeps a question that the same gesture confirms. */
export class Confirmation {
	private readonly timer: Timer;
	private asked: Confirmed | undefined;

	/** @param timers - clock and timers @param onLapsed - the time is over and nothing was confirmed */
	constructor(timers: Timers, onLapsed: (what: Confirmed) => void) {
		this.timer = timers.create(() => {
			const what = this.asked;
			this.asked = undefined;
			if (what !== undefined) onLapsed(what);
		});
	}

	/** The gesture was made. @returns whether it is the second one; the first one asks */
	confirm(what: Confirmed): boolean {
		if (this.asked === what) {
			this.forget();
			return true;
		}
		this.asked = what;
		this.timer.start(CONFIRMATION_TIME);
		return false;
	}

	/** What was asked has no meaning any more. */
	forget(): void {
		this.asked = undefined;
		this.timer.stop();
	}
}
