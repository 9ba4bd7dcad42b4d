import type { CameraEvent } from "@bodycam/protocol/camera/events";
import { formatBytes, formatClock, formatDuration, formatMoment } from "./format.ts";

/** One line about an event: when on the camera's clock, what kind, and what happened. */
export function describeEvent(event: CameraEvent): string {
	return `${formatClock(event.monotonicMs)}  ${event.type.padEnd(21)}  ${eventText(event)}`.trimEnd();
}

/** What happened, in words. */
export function eventText(event: CameraEvent): string {
	switch (event.type) {
		case "booted":
			return `${event.reason}, firmware ${event.build.slice(0, 12)}${event.crash === undefined ? "" : `, after: ${event.crash}`}`;
		case "policy":
			return `${event.name}: pre-recording ${preRecording(event.preRecordMs, event.sound)}`;
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
		case "announcement-started":
			return `recording ${event.recording}, in ${event.languages.join(", ")}`;
		case "announcement-ended":
			return `recording ${event.recording}, ${event.complete ? "spoken in full" : "cut short"}: ${event.languages.join(", ")}`;
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
		case "fault":
			return `${event.fault} ${event.active ? "began" : "is over"}${event.detail === undefined ? "" : `: ${event.detail}`}`;
		case "frames-lost":
			return `${event.frames} frames, ${event.packets} sound packets`;
		case "battery":
			return `${event.percent} %${event.charging ? ", charging" : ""}${event.minutesLeft === undefined ? "" : `, ${event.minutesLeft} minutes left`}`;
		case "card":
			return `${event.state}, ${formatBytes(event.freeBytes)} of ${formatBytes(event.bytes)} free`;
		case "clock-set":
			return `was ${event.previousMs === undefined ? "not set" : formatMoment(event.previousMs)}, now within ${formatDuration(event.uncertaintyMs)}`;
		case "reset":
			return event.reason;
	}
}

const refusals = {
	off: "the camera is off",
	fault: "the camera has a fault",
	recording: "it is recording already",
	finishing: "the last recording is still being written",
} as const;

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
