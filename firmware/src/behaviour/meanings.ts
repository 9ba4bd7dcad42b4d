import type { ButtonGesture } from "../gestures/gestures.ts";
import type { CueName } from "../signals/cues.ts";

/** What the wearer can command by gestures. */
export type Command =
	| "announce"
	| "record"
	| "end"
	| "danger"
	| "still-needed"
	| "mark"
	| "home"
	| "pause"
	| "resume"
	| "consent-given"
	| "consent-refused"
	| "arm"
	| "disarm"
	| "next-reason"
	| "take-reason"
	| "later"
	| "withdraw";

/** When a gesture has a meaning: a question is open, the state of capture, or always. */
export type Situation = "still-needed" | "reason" | "recording" | "paused" | "always";

/** What a gesture means in a situation. */
export interface Meaning {
	/** The button, or both. */
	readonly button: "event" | "function" | "both";
	/** What is done with it. */
	readonly kind: ButtonGesture;
	/** When it means this. */
	readonly when: Situation;
	/** What it commands. */
	readonly command: Command;
	/** How the camera answers when it is done. */
	readonly cue: CueName;
}

const means = (
	button: Meaning["button"],
	kind: ButtonGesture,
	when: Situation,
	command: Command,
	cue: CueName,
): Meaning => ({ button, kind, when, command, cue });

/**
 * All gestures; of one gesture the first row whose situation holds counts. The event button is for what cannot wait:
 * announce, record, end. The function button adds to it. Both together are for imminent danger.
 */
export const MEANINGS: readonly Meaning[] = [
	means("event", "press", "still-needed", "still-needed", "answered"),
	means("event", "press", "recording", "announce", "repeated"),
	means("event", "press", "always", "announce", "announced"),
	means("event", "double-press", "always", "record", "started"),
	means("event", "hold", "recording", "end", "stopped"),
	means("event", "hold", "paused", "end", "stopped"),
	means("event", "hold", "always", "end", "calmed"),
	means("both", "hold", "always", "danger", "danger"),
	means("function", "press", "reason", "next-reason", "reasonAsked"),
	means("function", "press", "recording", "mark", "marked"),
	means("function", "press", "paused", "resume", "resumed"),
	means("function", "press", "always", "arm", "armed"),
	means("function", "double-press", "reason", "take-reason", "reasonTaken"),
	means("function", "double-press", "always", "home", "home"),
	means("function", "triple-press", "always", "consent-given", "consentGiven"),
	means("function", "press-hold", "always", "consent-refused", "consentRefused"),
	means("function", "hold", "reason", "later", "answered"),
	means("function", "hold", "recording", "pause", "paused"),
	means("function", "hold", "paused", "pause", "paused"),
	means("function", "hold", "always", "disarm", "disarmed"),
	means("function", "long-hold", "always", "withdraw", "withdrawn"),
];

/** What a gesture means now; undefined: nothing. @param holds - whether a situation is the case */
export function meaningOf(
	button: Meaning["button"],
	kind: ButtonGesture,
	holds: (situation: Situation) => boolean,
): Meaning | undefined {
	return MEANINGS.find((row) => row.button === button && row.kind === kind && holds(row.when));
}
