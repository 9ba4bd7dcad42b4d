import type { Board } from "../board/board.ts";
import type { Press } from "../control/gestures.ts";
import type { ButtonName } from "../peripherals/buttons.ts";

/** Time of a press of a row and the pause to the next, ms. */
const TAP = 120;
const PAUSE = 150;

/** How long a button is held to stop, to withdraw the wearer's consent, and both in imminent danger, ms. */
const HOLD = 3_300;
const LONG_HOLD = 10_500;
const BOTH_HOLD = 1_300;

/** How long a hold lasts that is let go too early, ms. */
const SHORT_HOLD = 1_500;

/** A press as the wearer makes it. Times in ms. */
interface Stroke {
	readonly button: ButtonName;
	/** After the beginning of the gesture. */
	readonly at: number;
	readonly held: number;
}

/** So many presses in a row, the last one kept down for a time. */
function row(button: ButtonName, count: number, last = TAP): Stroke[] {
	return Array.from({ length: count }, (_value, index) => ({
		button,
		at: index * (TAP + PAUSE),
		held: index === count - 1 ? last : TAP,
	}));
}

/** What the wearer's hand does, by what it means. `single` is what one press was called before it meant something. */
const STROKES: Readonly<Record<Press, readonly Stroke[]>> = {
	announce: row("event", 1),
	single: row("event", 1),
	start: row("event", 2),
	stop: row("event", 1, HOLD),
	"short-hold": row("event", 1, SHORT_HOLD),
	danger: [
		{ button: "event", at: 0, held: BOTH_HOLD },
		{ button: "function", at: 80, held: BOTH_HOLD },
	],
	mark: row("function", 1),
	arm: row("function", 1),
	resume: row("function", 1),
	"next-reason": row("function", 1),
	home: row("function", 2),
	"take-reason": row("function", 2),
	"consent-given": row("function", 3),
	"consent-refused": row("function", 2, HOLD),
	pause: row("function", 1, HOLD),
	disarm: row("function", 1, HOLD),
	later: row("function", 1, HOLD),
	withdraw: row("function", 1, LONG_HOLD),
};

/**
 * Makes a gesture on the buttons, from now on: `start` is a double press of the event button, `stop` a hold of 3 s.
 * Returns how long it takes, ms.
 */
export function press(board: Board, gesture: Press, bounce = false): number {
	const { buttons } = board.peripherals;
	let end = 0;
	for (const { button, at, held } of STROKES[gesture]) {
		buttons.press(button, at, held, bounce);
		end = Math.max(end, at + held);
	}
	return end;
}
