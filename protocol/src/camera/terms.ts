import { choice, uint } from "../schema/schema.ts";

/** What can be wrong with a camera; a fault stays until its cause is gone. */
export const FAULTS = [
	"card-missing",
	"card-full",
	"card-stalled",
	"card-error",
	"card-read-only",
	"recording-damaged",
	"camera-fault",
	"microphone-fault",
	"frames-lost",
	"battery-low",
	"battery-empty",
	"card-low",
	"speaker-fault",
	"prompt-damaged",
	"announcement-unheard",
	"clock-unset",
	"log-low",
	"log-full",
	"log-error",
] as const;

/** One of `FAULTS`. */
export type Fault = (typeof FAULTS)[number];

/** A fault. */
export const fault = choice(FAULTS, { name: "fault" });

/** Why a recording ended. */
export const STOP_REASONS = [
	"button",
	"link",
	"card-full",
	"card-error",
	"card-missing",
	"camera-fault",
	"power",
	"reset",
	"consent",
	"policy",
	"wearer-withdrawn",
] as const;

/** One of `STOP_REASONS`. */
export type StopReason = (typeof STOP_REASONS)[number];

/** Why a recording ended. */
export const stopReason = choice(STOP_REASONS, { name: "stop-reason" });

/** Who set off a recording. */
export const triggerSource = choice(["button", "link", "imminent-danger", "reset"], {
	name: "trigger-source",
	doc: "imminent-danger: both buttons held; reset: the camera goes on with a recording that a defect cut off",
});

/** Time since power-on, ms. */
export const monotonicMs = uint({ doc: "ms since power-on" });

/** Number of a recording; they count up from 1 without gaps. */
export const recordingNumber = uint({
	min: 1,
	max: 0xffff_ffff,
	name: "recording-number",
	doc: "recordings are numbered from 1 without gaps",
});
