import type { Status } from "@bodycam/protocol/camera/status";
import type { DecisionTable } from "../state/decision-table.ts";

/** States of capture, as status tells them. `warning`: displayed and announced, and not recording. */
export type CaptureState = Status["capture"]["state"];

/** What moves capture from state to state. */
export type CaptureInput =
	/** The camera may record and can. */
	| "ready"
	/** It may not: no policy, no wearer, an allowance that grants nothing, no energy left. */
	| "forbid"
	/** Pre-recording is wanted. */
	| "arm"
	/** Pre-recording is wanted no more. */
	| "disarm"
	/** The wearer announces and shows the camera. */
	| "warn"
	/** The warning has lasted as long as the policy lets it. */
	| "calm"
	/** A recording is wanted. */
	| "start"
	/** What goes on is to end: the recording, or the warning. */
	| "stop"
	/** The core area of private life: nothing may be recorded for a while. */
	| "pause"
	/** The recording is to go on. */
	| "resume"
	/** The last recording is closed and safe. */
	| "closed"
	/** Something failed without which nothing can be recorded. */
	| "fault"
	/** That failure is gone. */
	| "cleared";

/** What is done on the way; `drop` ends capture and announcement at once. */
export type CaptureAction =
	| "arm"
	| "disarm"
	| "announce"
	| "hush"
	| "begin"
	| "stop"
	| "pause"
	| "resume"
	| "drop";

/**
 * Capture. What it leaves out on purpose: a `start` while recording changes nothing, so that a double press too many
 * never stops; a `stop` ends what there is to end and never starts anything; and a `start` in a pause goes on
 * recording, since who presses twice in danger means to record.
 */
export const captureTable: DecisionTable<CaptureState, CaptureInput, CaptureAction> = {
	initial: "off",
	decisions: {
		off: {
			ready: { to: "ready" },
			forbid: "stays",
			arm: "refused",
			disarm: "stays",
			warn: "refused",
			calm: "stays",
			start: "refused",
			stop: "stays",
			pause: "refused",
			resume: "stays",
			closed: "stays",
			fault: { to: "fault" },
			cleared: "stays",
		},
		ready: {
			ready: "stays",
			forbid: { to: "off" },
			arm: { to: "armed", action: "arm" },
			disarm: "stays",
			warn: { to: "warning", action: "announce" },
			calm: "stays",
			start: { to: "recording", action: "begin" },
			stop: "stays",
			pause: "refused",
			resume: "stays",
			closed: "stays",
			fault: { to: "fault" },
			cleared: "stays",
		},
		warning: {
			ready: "stays",
			forbid: { to: "off", action: "drop" },
			arm: { to: "warning", action: "arm" },
			disarm: { to: "warning", action: "disarm" },
			warn: { to: "warning", action: "announce" },
			calm: { to: "ready", action: "hush" },
			start: { to: "recording", action: "begin" },
			stop: { to: "ready", action: "hush" },
			pause: "refused",
			resume: "stays",
			closed: "stays",
			fault: { to: "fault", action: "drop" },
			cleared: "stays",
		},
		armed: {
			ready: "stays",
			forbid: { to: "off", action: "drop" },
			arm: "stays",
			disarm: { to: "ready", action: "disarm" },
			warn: { to: "warning", action: "announce" },
			calm: "stays",
			start: { to: "recording", action: "begin" },
			stop: "stays",
			pause: "refused",
			resume: "stays",
			closed: "stays",
			fault: { to: "fault", action: "drop" },
			cleared: "stays",
		},
		recording: {
			ready: "stays",
			forbid: { to: "finishing", action: "stop" },
			arm: "stays",
			disarm: "stays",
			warn: { to: "recording", action: "announce" },
			calm: "stays",
			start: "refused",
			stop: { to: "finishing", action: "stop" },
			pause: { to: "paused", action: "pause" },
			resume: "stays",
			closed: "stays",
			fault: { to: "fault", action: "drop" },
			cleared: "stays",
		},
		paused: {
			ready: "stays",
			forbid: { to: "finishing", action: "stop" },
			arm: "stays",
			disarm: "stays",
			warn: "refused",
			calm: "stays",
			start: { to: "recording", action: "resume" },
			stop: { to: "finishing", action: "stop" },
			pause: "stays",
			resume: { to: "recording", action: "resume" },
			closed: "stays",
			fault: { to: "fault", action: "drop" },
			cleared: "stays",
		},
		finishing: {
			ready: "stays",
			forbid: { to: "off", action: "drop" },
			arm: "refused",
			disarm: "stays",
			warn: { to: "warning", action: "announce" },
			calm: "stays",
			start: { to: "recording", action: "begin" },
			stop: "stays",
			pause: "refused",
			resume: "stays",
			closed: { to: "ready" },
			fault: { to: "fault", action: "drop" },
			cleared: "stays",
		},
		fault: {
			ready: "stays",
			forbid: { to: "off" },
			arm: "refused",
			disarm: "stays",
			warn: "refused",
			calm: "stays",
			start: "refused",
			stop: "stays",
			pause: "refused",
			resume: "stays",
			closed: "stays",
			fault: "stays",
			cleared: { to: "ready" },
		},
	},
};
