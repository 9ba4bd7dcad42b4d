import type { PolicyProfile } from "../profile.ts";
import { armedByHand, germanRules } from "./german.ts";

/** Hesse: 60 s of pre-recording. */
export const deHe: PolicyProfile = {
	...germanRules,
	name: "de-he",
	title: "Hesse (Hessen): police",
	jurisdiction: {
		place: "Hessen",
		code: "DE-HE",
		legalBasis: [
			{
				reference: "HSOG, provisions on body-worn cameras",
				text: "At most 60 seconds from before the trigger, volatile and erased by themselves.",
			},
		],
	},
	sources: [
		"HSOG and publications of the police of Hesse on pre-recording of 60 seconds",
		"Retention: no period was found; the shortest one of another state is set until counsel decides",
		"Arming by hand and no sound before the trigger: not settled in the sources, so the tighter rule is set",
	],
	preRecording: armedByHand(60),
	retention: { class: "de-he", days: 14 },
};
