import type { PolicyProfile } from "../profile.ts";
import { COUNSEL_NOTE } from "../profile.ts";

/**
 * For demonstrations and tests. It follows no state's law: pre-recording with sound runs whenever the camera is
 * ready, and nobody has to be assigned.
 */
export const demo: PolicyProfile = {
	name: "demo",
	title: "Demonstration, no state's law",
	jurisdiction: { place: "No state, for demonstrations and tests", code: "XX", legalBasis: [] },
	sources: [],
	counsel: { checked: false, note: COUNSEL_NOTE },
	covert: false,
	activation: { remoteStart: false, reasonRequired: false },
	preRecording: { mode: "always", maximumMs: 120_000, defaultMs: 30_000, sound: true, locked: false },
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
	warning: { allowed: true, spoken: true, light: true, display: true, maximumMs: 600_000 },
	homes: { extraConfirmation: false, authorisedByRequired: false },
	coreAreaPause: { allowed: true, reminderMs: 60_000 },
	secrecyReminder: false,
	stop: { confirmation: false, stillNeededMs: 0, reminderMs: 120_000, reminderCues: ["haptic"] },
	reasonCodes: [
		{ code: "danger", label: "Danger to life or limb", imminentDanger: true },
		{ code: "threat", label: "Threat of violence", imminentDanger: false },
		{ code: "exercise", label: "Exercise", imminentDanger: true },
	],
	reserve: { lowBatteryMinutes: 15, lowCardMinutes: 15 },
	retention: { class: "demo", days: 1 },
	consent: { requiredIn: [], onRefusal: "stop" },
	wearer: { assignmentRequired: false, checkOutRequired: false },
	gestures: { doublePressMs: 500, holdMs: 3000, debounceMs: 15 },
	whenClockUnset: "everything",
	whenBatteryLow: "everything",
};
