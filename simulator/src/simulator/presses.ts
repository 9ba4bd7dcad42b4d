import type { Board } from "../board/board.ts";

/** What people do with the event button. */
export const PRESSES = ["start", "stop", "single"] as const;

/** A gesture on the event button. */
export type Press = (typeof PRESSES)[number];

/** A press of a double press, and the pause between the two, ms. */
const TAP = 120;
const PAUSE = 150;

/** How long the button is held to stop, ms. */
const HOLD = 3_300;

/**
 * Makes a gesture on the event button, from now on: `start` is a double press, `stop` a hold of 3 s.
 * Returns how long it takes, ms.
 */
export function press(board: Board, gesture: Press, bounce = false): number {
	const { buttons } = board.peripherals;
	if (gesture === "stop") {
		buttons.press("event", 0, HOLD, bounce);
		return HOLD;
	}
	buttons.press("event", 0, TAP, bounce);
	if (gesture === "single") return TAP;
	buttons.press("event", TAP + PAUSE, TAP, bounce);
	return 2 * TAP + PAUSE;
}
