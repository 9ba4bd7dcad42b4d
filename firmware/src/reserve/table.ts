import type { Status } from "@bodycam/protocol/camera/status";
import type { DecisionTable } from "../state/decision-table.ts";

/** States of the reserve, as status tells them; of two shortages it names the one that is more pressing. */
export type ReserveState = Status["reserve"]["state"];

/** The condition that is most pressing now. */
export type ReserveInput =
	/** Battery and card are good for longer than the policy's reserve. */
	| "enough"
	/** The battery is good for no more than the reserve. */
	| "battery-low"
	/** The card is good for no more than the reserve at the present bit rate. */
	| "card-low"
	/** The battery or the card is good for nothing. */
	| "empty";

/** What is done on the way; `save` ends a recording in order while there still is power to close it. */
export type ReserveAction = "save";

/** The reserve of battery and card, in minutes of recording. The alarms are faults, each once per threshold. */
export const reserveTable: DecisionTable<ReserveState, ReserveInput, ReserveAction> = {
	initial: "enough",
	decisions: {
		enough: {
			enough: "stays",
			"battery-low": { to: "low-battery" },
			"card-low": { to: "low-card" },
			empty: { to: "empty", action: "save" },
		},
		"low-battery": {
			enough: { to: "enough" },
			"battery-low": "stays",
			"card-low": { to: "low-card" },
			empty: { to: "empty", action: "save" },
		},
		"low-card": {
			enough: { to: "enough" },
			"battery-low": { to: "low-battery" },
			"card-low": "stays",
			empty: { to: "empty", action: "save" },
		},
		empty: {
			enough: { to: "enough" },
			"battery-low": { to: "low-battery" },
			"card-low": { to: "low-card" },
			empty: "stays",
		},
	},
};
