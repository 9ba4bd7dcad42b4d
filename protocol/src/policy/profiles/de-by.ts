import type { PolicyProfile } from "../profile.ts";
import { armedByHand, germanRules } from "./german.ts";

/** Bavaria: 30 s of pre-recording. */
export const deBy: PolicyProfile = {
	...germanRules,
	name: "de-by",
	title: "Bavaria (Bayern): police",
	jurisdiction: {
		place: "Bayern",
		code: "DE-BY",
		legalBasis: [
			{
				reference: "BayPAG, provisions on body-worn cameras",
				text: "At most 30 seconds from before the trigger, volatile and erased by themselves.",
			},
		],
	},
	sources: [
		"BayPAG and publications of the Bavarian police on pre-recording of 30 seconds",
		"Retention: two months, published commentary; 59 days is never more than two months",
		"Arming by hand and no sound before the trigger: not settled in the sources, so the tighter rule is set",
	],
	preRecording: armedByHand(30),
	retention: { class: "de-by", days: 59 },
};
