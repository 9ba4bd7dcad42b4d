import type { PolicyProfile } from "@bodycam/protocol/policy/profile";
import { demo } from "@bodycam/protocol/policy/profiles/demo";

const { preRecording, announcement, warning, stop, wearer } = demo;

/** The rules between which random sequences change: each leaves something to the wearer that another does not. */
export const SEQUENCE_POLICIES: readonly [PolicyProfile, ...PolicyProfile[]] = [
	{ ...demo, preRecording: { ...preRecording, maximumMs: 3000, defaultMs: 3000 } },
	{
		...demo,
		preRecording: { ...preRecording, mode: "manual", maximumMs: 4000, defaultMs: 4000, sound: false },
		announcement: { ...announcement, repeatMs: 10_000 },
		warning: { ...warning, maximumMs: 10_000 },
		stop: { ...stop, stillNeededMs: 15_000, reminderMs: 10_000 },
		secrecyReminder: true,
	},
	{
		...demo,
		preRecording: { mode: "off", maximumMs: 0, defaultMs: 0, sound: false, locked: true },
		announcement: { ...announcement, when: "before" },
		consent: { requiredIn: ["voluntary-statement"], onRefusal: "stop" },
		homes: { extraConfirmation: true, authorisedByRequired: true },
		activation: { remoteStart: false, reasonRequired: true },
	},
	{
		...demo,
		preRecording: { ...preRecording, maximumMs: 2000, defaultMs: 2000 },
		stop: { ...stop, confirmation: true },
		consent: { requiredIn: ["private-place"], onRefusal: "mute" },
		wearer: { ...wearer, assignmentRequired: true },
		whenClockUnset: "warning",
		whenBatteryLow: "recording",
	},
];
