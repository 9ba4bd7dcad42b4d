import type { Status } from "@bodycam/protocol/camera/status";
import type { StateTable } from "../state/table.ts";

/** States of capture, as status tells them. */
export type CaptureState = Status["capture"]["state"];

/** What moves capture from state to state. */
export type CaptureInput =
	/** The camera has booted and can record. */
	| "ready"
	/** It may not: no policy is in force. */
	| "forbid"
	/** Pre-recording is wanted. */
	| "arm"
	/** Pre-recording is wanted no more. */
	| "disarm"
	/** A recording is wanted. */
	| "start"
	/** The recording is to end. */
	| "stop"
	/** The last recording is closed and safe. */
	| "closed"
	/** Something failed without which nothing can be recorded. */
	| "fault"
	/** That failure is gone. */
	| "cleared";

/** What the recorder is told on the way. */
export type CaptureAction = "arm" | "disarm" | "begin" | "stop";

/**
 * Capture. Two things that are not in it on purpose: a `start` while recording changes nothing, so that a double
 * press too many never stops; and a `stop` outside a recording does nothing.
 */
export const captureTable: StateTable<CaptureState, CaptureInput, CaptureAction> = {
	initial: "off",
	transitions: [
		{ from: "off", on: "ready", to: "ready" },
		{ from: "off", on: "fault", to: "fault" },

		{ from: "ready", on: "arm", to: "armed", action: "arm" },
		{ from: "ready", on: "start", to: "recording", action: "begin" },
		{ from: "ready", on: "fault", to: "fault" },
		{ from: "ready", on: "forbid", to: "off" },

		{ from: "armed", on: "disarm", to: "ready", action: "disarm" },
		{ from: "armed", on: "start", to: "recording", action: "begin" },
		{ from: "armed", on: "fault", to: "fault", action: "disarm" },
		{ from: "armed", on: "forbid", to: "off", action: "disarm" },

		{ from: "recording", on: "stop", to: "finishing", action: "stop" },
		{ from: "recording", on: "fault", to: "fault", action: "disarm" },

		{ from: "finishing", on: "start", to: "recording", action: "begin" },
		{ from: "finishing", on: "closed", to: "ready" },
		{ from: "finishing", on: "fault", to: "fault", action: "disarm" },
		{ from: "finishing", on: "forbid", to: "off", action: "disarm" },

		{ from: "fault", on: "cleared", to: "ready" },
		{ from: "fault", on: "forbid", to: "off" },
	],
};
