import type { Status } from "@bodycam/protocol/camera/status";
import type { DecisionTable } from "../state/decision-table.ts";

/** States of the spoken announcement, as status tells them. `due`: said, and to be said again at a known time. */
export type AnnouncementState = Status["announcement"]["state"];

/** What moves it from state to state. */
export type AnnouncementInput =
	/** A warning or a recording has begun, or the wearer wants it said again. */
	| "announce"
	/** A prompt was played to its end, and another language follows. */
	| "next-language"
	/** The last prompt was played to its end, and it is not to be repeated. */
	| "spoken"
	/** The last prompt was played to its end, and the policy repeats it. */
	| "spoken-repeats"
	/** The time until the repetition is over. */
	| "interval"
	/** The speaker failed or did not answer in time, or no prompt is fit to be played. */
	| "failed"
	/** What was announced is over, or was never to be announced: a stop, a pause, imminent danger. */
	| "end";

/** What is done on the way. */
export type AnnouncementAction = "speak" | "restart" | "complete" | "silence" | "report";

/** The spoken announcement: one prompt after the other, again at the policy's interval, and again after a failure. */
export const announcementTable: DecisionTable<AnnouncementState, AnnouncementInput, AnnouncementAction> = {
	initial: "silent",
	decisions: {
		silent: {
			announce: { to: "speaking", action: "speak" },
			"next-language": "stays",
			spoken: "stays",
			"spoken-repeats": "stays",
			interval: "stays",
			failed: "stays",
			end: "stays",
		},
		speaking: {
			announce: { to: "speaking", action: "restart" },
			"next-language": { to: "speaking", action: "speak" },
			spoken: { to: "silent", action: "complete" },
			"spoken-repeats": { to: "due", action: "complete" },
			interval: "stays",
			failed: { to: "failed", action: "report" },
			end: { to: "silent", action: "silence" },
		},
		due: {
			announce: { to: "speaking", action: "speak" },
			"next-language": "stays",
			spoken: "stays",
			"spoken-repeats": "stays",
			interval: { to: "speaking", action: "speak" },
			failed: "stays",
			end: { to: "silent" },
		},
		failed: {
			announce: { to: "speaking", action: "speak" },
			"next-language": "stays",
			spoken: "stays",
			"spoken-repeats": "stays",
			interval: { to: "speaking", action: "speak" },
			failed: "stays",
			end: { to: "silent" },
		},
	},
};
