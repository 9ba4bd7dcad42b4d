import type { PolicyProfile } from "../profile.ts";
import { germanRules } from "./german.ts";

/** Federal Police: 30 s of pre-recording while the camera is ready. */
export const deBpol: PolicyProfile = {
	...germanRules,
	name: "de-bpol",
	title: "Federal Police (Bundespolizei)",
	jurisdiction: {
		place: "Bundespolizei",
		code: "DE",
		legalBasis: [
			{
				reference: "§ 27a(3) BPolG",
				text: "At most 30 seconds from before the trigger, and only those, may be kept.",
			},
		],
	},
	sources: [
		"§ 27a(3) BPolG",
		"Retention: 30 days, published commentary",
		"Sound before the trigger: not settled in the sources, so it is off",
	],
	preRecording: { mode: "always", maximumMs: 30_000, defaultMs: 30_000, sound: false, locked: false },
	retention: { class: "de-bpol-27a", days: 30 },
};
