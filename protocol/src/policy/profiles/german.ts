import { COUNSEL_NOTE, type PolicyProfile } from "../profile.ts";

const MINUTE_MS = 60_000;

/** What the built-in profiles of German services have in common; each state's file says where it differs. */
export const germanRules = {
	counsel: { checked: false, note: COUNSEL_NOTE },
	covert: false,
	activation: { remoteStart: false, reasonRequired: true },
	announcement: {
		languages: ["de", "en"],
		signedOff: [],
		spoken: true,
		tone: false,
		light: true,
		display: true,
		haptic: true,
		volume: 100,
		when: "with-start",
		repeatMs: 0,
		imminentDanger: { allowed: true, reasonRequired: true },
	},
	warning: { allowed: true, spoken: true, light: true, display: true, maximumMs: 10 * MINUTE_MS },
	homes: { extraConfirmation: true, authorisedByRequired: true },
	coreAreaPause: { allowed: true, reminderMs: MINUTE_MS },
	secrecyReminder: true,
	stop: {
		confirmation: false,
		stillNeededMs: 10 * MINUTE_MS,
		reminderMs: 2 * MINUTE_MS,
		reminderCues: ["haptic"],
	},
	reasonCodes: [
		{ code: "danger-self", label: "Gefahr für Leib oder Leben der Einsatzkraft", imminentDanger: true },
		{ code: "danger-other", label: "Gefahr für Leib oder Leben Dritter", imminentDanger: true },
		{ code: "assault", label: "Angriff im Gange", imminentDanger: true },
		{ code: "threat", label: "Drohung mit Gewalt", imminentDanger: false },
		{ code: "requested", label: "Verlangen der betroffenen Person", imminentDanger: false },
	],
	reserve: { lowBatteryMinutes: 15, lowCardMinutes: 30 },
	consent: { requiredIn: ["voluntary-statement"], onRefusal: "stop" },
	wearer: { assignmentRequired: true, checkOutRequired: true },
	gestures: { doublePressMs: 500, holdMs: 3000, debounceMs: 15 },
	whenClockUnset: "recording",
	whenBatteryLow: "everything",
} as const satisfies Partial<PolicyProfile>;

/** A pre-recording of so many seconds that the wearer arms, without sound. */
export function armedByHand(seconds: number): PolicyProfile["preRecording"] {
	return {
		mode: "manual",
		maximumMs: seconds * 1000,
		defaultMs: seconds * 1000,
		sound: false,
		locked: false,
	};
}
