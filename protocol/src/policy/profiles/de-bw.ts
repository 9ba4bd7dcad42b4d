import type { PolicyProfile } from "../profile.ts";
import { armedByHand, germanRules } from "./german.ts";

/** Baden-Württemberg: 60 s of pre-recording that the wearer arms. */
export const deBw: PolicyProfile = {
	...germanRules,
	name: "de-bw",
	title: "Baden-Württemberg: police",
	jurisdiction: {
		place: "Baden-Württemberg",
		code: "DE-BW",
		legalBasis: [
			{
				reference: "PolG BW, provisions on body-worn cameras",
				text: "At most 60 seconds from before the trigger, volatile and erased by themselves; armed by the wearer.",
			},
		],
	},
	sources: [
		"PolG BW and publications of the police of Baden-Württemberg on pre-recording of 60 seconds",
		"Arming by hand: display on, armed by a button, then recording",
		"Retention: four weeks, published commentary",
		"Sound before the trigger: not settled in the sources, so it is off",
	],
	preRecording: armedByHand(60),
	retention: { class: "de-bw", days: 28 },
};
