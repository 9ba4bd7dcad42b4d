import type { WearerState } from "@bodycam/protocol/wearer/terms";
import type { DecisionTable } from "../state/decision-table.ts";

/** What moves the camera from wearer to wearer. */
export type WearerInput =
	/** A signed assignment with a new number has come. */
	| "assign"
	/** The wearer takes the camera out for a shift. */
	| "check-out"
	/** The wearer brings it back. */
	| "check-in"
	/** The wearer withdraws the consent. */
	| "withdraw";

/** What is done on the way. */
export type WearerAction =
	/** Keeps the assignment, and its number for good. */
	| "keep"
	/** Notes that a shift began or ended. */
	| "note"
	/** Forgets the assignment, but not its number, and ends a recording. */
	| "forget";

/**
 * The wearer. A withdrawal is never refused, and only another assignment leads out of it, as numbers count up. A
 * camera that is out is not given to somebody else. What is asked for twice is no mistake the second time: answers
 * get lost.
 */
export const wearerTable: DecisionTable<WearerState, WearerInput, WearerAction> = {
	initial: "unassigned",
	decisions: {
		unassigned: {
			assign: { to: "assigned", action: "keep" },
			"check-out": "refused",
			"check-in": "stays",
			withdraw: "stays",
		},
		assigned: {
			assign: { to: "assigned", action: "keep" },
			"check-out": { to: "checked-out", action: "note" },
			"check-in": "stays",
			withdraw: { to: "withdrawn", action: "forget" },
		},
		"checked-out": {
			assign: "refused",
			"check-out": "stays",
			"check-in": { to: "assigned", action: "note" },
			withdraw: { to: "withdrawn", action: "forget" },
		},
		withdrawn: {
			assign: { to: "assigned", action: "keep" },
			"check-out": "refused",
			"check-in": "stays",
			withdraw: "stays",
		},
	},
};
