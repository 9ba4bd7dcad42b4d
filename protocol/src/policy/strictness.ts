import { ALLOWANCES, ANNOUNCEMENT_TIMES, CONSENT_REFUSALS, PRE_RECORDING_MODES } from "./terms.ts";

/**
 * Which of two values of a field binds the camera more: the `lower` or `higher` number, the interval that comes
 * `sooner` (0 is never), `true` or `false`, the `wider` set, or the value that comes first in a list. `free` fields
 * have no such order.
 */
export type Strictness =
	| "lower"
	| "higher"
	| "sooner"
	| "true"
	| "false"
	| "wider"
	| "free"
	| readonly string[];

/** The strictness of every field of a policy, by its path. */
export const STRICTNESS: Readonly<Record<string, Strictness>> = {
	format: "free",
	name: "free",
	title: "free",
	version: "free",
	"issuer.agency": "free",
	"issuer.contact": "free",
	notBefore: "free",
	expires: "free",
	"jurisdiction.place": "free",
	"jurisdiction.code": "free",
	"jurisdiction.legalBasis": "free",
	sources: "free",
	"counsel.checked": "free",
	"counsel.note": "free",
	covert: "false",
	"activation.remoteStart": "false",
	"activation.reasonRequired": "true",
	"preRecording.mode": PRE_RECORDING_MODES,
	"preRecording.maximumMs": "lower",
	"preRecording.defaultMs": "lower",
	"preRecording.sound": "false",
	"preRecording.locked": "true",
	"announcement.languages": "wider",
	"announcement.signedOff": "free",
	"announcement.spoken": "true",
	"announcement.tone": "true",
	"announcement.light": "true",
	"announcement.display": "true",
	"announcement.haptic": "free",
	"announcement.volume": "higher",
	"announcement.when": ANNOUNCEMENT_TIMES,
	"announcement.repeatMs": "sooner",
	"announcement.imminentDanger.allowed": "false",
	"announcement.imminentDanger.reasonRequired": "true",
	"warning.allowed": "free",
	"warning.spoken": "free",
	"warning.light": "free",
	"warning.display": "free",
	"warning.maximumMs": "free",
	"homes.extraConfirmation": "true",
	"homes.authorisedByRequired": "true",
	"coreAreaPause.allowed": "true",
	"coreAreaPause.reminderMs": "free",
	secrecyReminder: "true",
	"stop.confirmation": "true",
	"stop.stillNeededMs": "sooner",
	"stop.reminderMs": "sooner",
	"stop.reminderCues": "wider",
	reasonCodes: "free",
	"reserve.lowBatteryMinutes": "higher",
	"reserve.lowCardMinutes": "higher",
	"retention.class": "free",
	"retention.days": "lower",
	"evidence.recipients": "free",
	"evidence.archives": "free",
	"consent.requiredIn": "wider",
	"consent.onRefusal": [...CONSENT_REFUSALS].reverse(),
	"wearer.assignmentRequired": "true",
	"wearer.checkOutRequired": "true",
	"gestures.doublePressMs": "free",
	"gestures.holdMs": "free",
	"gestures.debounceMs": "free",
	whenClockUnset: ALLOWANCES,
	whenBatteryLow: ALLOWANCES,
};

/** What a changed value means: the camera is bound more, or less, or neither can be said. */
export type Effect = "tighter" | "looser" | "changed";

/** What it means that a field changed from one value to another, which differs from it. */
export function effectOf(field: string, before: unknown, after: unknown): Effect {
	const strictness = STRICTNESS[field] ?? "free";
	if (strictness === "wider") return compareSets(before as readonly string[], after as readonly string[]);
	const difference = rank(strictness, after) - rank(strictness, before);
	return difference < 0 ? "tighter" : difference > 0 ? "looser" : "changed";
}

/** The lower, the tighter. */
function rank(strictness: Exclude<Strictness, "wider">, value: unknown): number {
	if (typeof strictness !== "string") return strictness.indexOf(String(value));
	switch (strictness) {
		case "lower":
			return Number(value);
		case "higher":
			return -Number(value);
		case "sooner":
			return value === 0 ? Number.POSITIVE_INFINITY : Number(value);
		case "true":
			return value === true ? 0 : 1;
		case "false":
			return value === true ? 1 : 0;
		case "free":
			return 0;
	}
}

function compareSets(before: readonly string[], after: readonly string[]): Effect {
	const gone = before.some((item) => !after.includes(item));
	const come = after.some((item) => !before.includes(item));
	return gone === come ? "changed" : gone ? "looser" : "tighter";
}
