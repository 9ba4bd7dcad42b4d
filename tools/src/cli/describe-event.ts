import type { CameraEvent } from "@bodycam/protocol/camera/events";
import { describeDemand } from "./describe-demand.ts";
import { policyStateTexts } from "./describe-policy.ts";
import { obstacleTexts, refusalTexts } from "./describe-wearer.ts";
import { formatBytes, formatClock, formatCounted, formatDuration, formatMoment } from "./format.ts";

/** One line about an event: when on the camera's clock, what kind, and what happened. */
export function describeEvent(event: CameraEvent): string {
	return `${formatClock(event.monotonicMs)}  ${event.type.padEnd(21)}  ${eventText(event)}`.trimEnd();
}

/**
 * The same about an event from a log: with the time of day where it is known.
 * @param base - what every event has @param event - undefined when it is of a kind that is not understood
 */
export function describePastEvent(
	base: { readonly type: string; readonly monotonicMs: number },
	event: CameraEvent | undefined,
): string {
	const time = event?.wallMs === undefined ? `+${formatClock(base.monotonicMs)}` : formatMoment(event.wallMs);
	const text = event === undefined ? "an event of another firmware" : eventText(event);
	return `${time.padEnd(20)}  ${base.type.padEnd(21)}  ${text}`.trimEnd();
}

/** What happened, in words. */
export function eventText(event: CameraEvent): string {
	switch (event.type) {
		case "booted":
			return `${event.reason}, firmware ${event.build.slice(0, 12)}${event.crash === undefined ? "" : `, after: ${event.crash}`}`;
		case "provisioned":
			return `by ${event.agency}${event.name === undefined ? "" : `, as ${event.name}`}`;
		case "factory-reset":
			return `belonged to ${event.agency}, ${formatCounted(event.recordings, "recording")} on the card`;
		case "provisioning-refused":
		case "factory-reset-refused":
			return event.why;
		case "policy":
			return `${event.name}: pre-recording ${preRecording(event.preRecordMs, event.sound)}`;
		case "policy-missing":
			return `${policyStateTexts[event.why]}; nothing is recorded${event.detail === undefined ? "" : `: ${event.detail}`}`;
		case "policy-installed":
			return `${event.name} version ${event.version}${event.previous === undefined ? "" : ` in place of ${event.previous}`}, in force ${event.effect === "now" ? "now" : "after the recording"}`;
		case "policy-refused":
			return `${event.reason}: ${event.detail}`;
		case "armed":
			return armedText(event);
		case "disarmed":
			return `by ${event.reason}`;
		case "button":
			return `${event.button} button: ${event.action}`;
		case "trigger":
			return `recording ${event.recording}, by ${event.source}`;
		case "trigger-refused":
			return `by ${event.source}: ${refusals[event.why]}`;
		case "refused":
			return `${event.what}: ${refusals[event.why]}`;
		case "warning-started":
			return "shown and announced, nothing is recorded";
		case "warning-ended":
			return `by ${event.reason}`;
		case "announcement-started":
			return `${announced(event.recording)}, ${by(event)}${event.repetition === undefined ? "" : `, announcement number ${event.repetition + 1}`}`;
		case "announcement-ended":
			return `${announced(event.recording)}, ${event.complete ? "spoken in full" : "cut short"}${event.languages.length === 0 ? "" : `: ${event.languages.join(", ")}`}${heardTexts[event.heard ?? "unknown"]}`;
		case "announcement-skipped":
			return `recording ${event.recording}: ${event.why === "policy" ? "the policy has none" : "imminent danger"}`;
		case "confirmation-asked":
			return `${event.what}: the same gesture again confirms it`;
		case "confirmation-lapsed":
			return `${event.what}: not confirmed in time`;
		case "marker":
			return `recording ${event.recording}, at ${formatClock(event.atMs)}`;
		case "home":
			return `recording ${event.recording}, ${event.state}${event.authorisedBy === undefined ? "" : ` by ${event.authorisedBy}`}`;
		case "recording-paused":
		case "sound-muted":
			return `recording ${event.recording}, from ${formatClock(event.fromMs)} on`;
		case "recording-resumed":
		case "sound-restored":
			return `recording ${event.recording}, nothing from ${formatClock(event.fromMs)} to ${formatClock(event.toMs)}`;
		case "consent":
			return `recording ${event.recording}, ${event.mark}`;
		case "demanded":
			return `recording ${event.recording}: ${describeDemand(event.what)}`;
		case "reason-given":
			return `recording ${event.recording}: ${event.code}, by ${event.source}`;
		case "still-needed-asked":
			return `recording ${event.recording}`;
		case "still-needed-answered":
			return `recording ${event.recording}: ${event.answer === "yes" ? "yes" : "no answer"}`;
		case "reminded":
			return event.what === "secrecy" ? "places of professional secrecy" : "the recording is paused";
		case "reserve":
			return `${event.state.replace("-", " ")}${event.batteryMinutes === undefined ? "" : `, battery ${event.batteryMinutes} minutes`}${event.cardMinutes === undefined ? "" : `, card ${event.cardMinutes} minutes`}`;
		case "recording-started":
			return `recording ${event.recording}`;
		case "recording-drained":
			return `recording ${event.recording}: ${formatDuration(event.deliveredMs)} of picture and ${formatDuration(event.audioMs)} of sound from before the trigger were safe after ${formatDuration(event.drainMs)} (${event.reason})`;
		case "recording-stopped":
			return `recording ${event.recording}, by ${event.reason}`;
		case "recording-closed":
			return `recording ${event.recording}: ${formatDuration(event.durationMs)}, ${formatBytes(event.bytes)}`;
		case "interrupted-recovered":
			return `recording ${event.recording}: ${formatDuration(event.durationMs)}, ${formatBytes(event.bytes)}`;
		case "recording-erased":
			return `recording ${event.recording}, ${formatBytes(event.bytes)}, on the receipt ${hex(event.receipt).slice(0, 16)} of the archive ${hex(event.archive)}`;
		case "erasure-refused":
			return `${event.recording === undefined ? "" : `recording ${event.recording}: `}${event.why}`;
		case "fault":
			return `${event.fault} ${event.active ? "began" : "is over"}${event.detail === undefined ? "" : `: ${event.detail}`}`;
		case "frames-lost":
			return `${formatCounted(event.frames, "frame")}, ${formatCounted(event.packets, "sound packet")}`;
		case "battery":
			return `${event.percent} %${event.charging ? ", charging" : ""}${event.minutesLeft === undefined ? "" : `, ${event.minutesLeft} minutes left`}`;
		case "card":
			return `${event.state}, ${formatBytes(event.freeBytes)} of ${formatBytes(event.bytes)} free`;
		case "clock-set":
			return `was ${event.previousMs === undefined ? "not set" : formatMoment(event.previousMs)}${offsetText(event.offsetMs)}, now within ${formatDuration(event.uncertaintyMs)}`;
		case "wearer-assigned":
			return `${event.wearer}, assignment ${event.assignment}, until ${formatMoment(event.notAfter)}`;
		case "wearer-assignment-refused":
			return refusalTexts[event.why];
		case "wearer-checked-out":
		case "wearer-checked-in":
			return event.wearer;
		case "wearer-withdrawn":
			return `${event.wearer}, ${event.source === "button" ? "on the camera" : "over the link"}`;
		case "wearer-lapsed":
			return `${event.wearer}: ${obstacleTexts[event.why]}`;
		case "reset":
			return event.reason;
		case "log-opened":
			return `${event.device}: ${event.entries} entries on the card${event.cutBytes === 0 ? "" : `, ${formatBytes(event.cutBytes)} torn by a power cut were cut off`}`;
		case "log-gap":
			return `events ${event.first} to ${event.sequence} could not be kept`;
		case "log-signer":
			return "the certificates of the camera's key";
		case "log-checkpoint":
			return `${event.entries} entries are signed`;
	}
}

const refusals = {
	off: "the camera is off",
	fault: "the camera has a fault",
	recording: "it is recording already",
	finishing: "the last recording is still being written",
	announcing: "the announcement is still being made",
	"not-recording": "nothing is being recorded",
	"not-allowed": "the policy does not allow it",
	"no-policy": "no policy is in force",
	"battery-low": "the battery is low",
	"battery-empty": "the battery is empty",
	...obstacleTexts,
} as const;

const heardTexts = { heard: ", heard", "not-heard": ", NOT heard by the microphone", unknown: "" } as const;

function offsetText(offsetMs: number | undefined): string {
	if (offsetMs === undefined) return "";
	return `, corrected by ${offsetMs < 0 ? "−" : "+"}${formatDuration(Math.abs(offsetMs))}`;
}

function announced(recording: number | undefined): string {
	return recording === undefined ? "warning" : `recording ${recording}`;
}

function by({ languages, by: ways }: Extract<CameraEvent, { type: "announcement-started" }>): string {
	return languages.length > 0 ? `in ${languages.join(", ")}` : `by ${(ways ?? []).join(", ")}`;
}

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}

function preRecording(ms: number, sound: boolean): string {
	return ms === 0 ? "off" : `${formatDuration(ms)} ${sound ? "with sound" : "without sound"}`;
}

function armedText(event: Extract<CameraEvent, { type: "armed" }>): string {
	const lowered =
		event.bitRate === undefined ? "" : `, bit rate lowered to ${Math.round(event.bitRate / 1000)} kbit/s`;
	const short =
		event.capacityMs < event.preRecordMs ? `, memory holds at least ${formatDuration(event.capacityMs)}` : "";
	return `pre-recording ${formatDuration(event.preRecordMs)}${short}${lowered}`;
}
