import type { CustodyHappening } from "@bodycam/protocol/custody/happenings";
import type { Span } from "./timeline.ts";

/** What the camera did, for readers of a report. */
export const SPAN_TEXTS: Readonly<Record<Span["state"], string>> = {
	"pre-recording": "before the trigger",
	announcing: "announcing the recording",
	recording: "recording",
	pausing: "paused",
	closing: "closing the file",
};

const HEARD_TEXTS = {
	heard: ", heard by its microphone",
	"not-heard": ", not heard by its microphone",
	unknown: "",
} as const;

/**
 * What happened, in a sentence for readers of a report. Languages and codes come from the record and are not escaped.
 * @param afterwards - whether it was after the recording
 */
export function happeningText(happening: CustodyHappening, afterwards = false): string {
	switch (happening.type) {
		case "announcement-started":
			return `Announcement begins${happening.repetition === undefined ? "" : ` (number ${happening.repetition + 1})`}${inLanguages(happening.languages)}`;
		case "announcement-ended":
			return `Announcement ${happening.complete ? "spoken in full" : "cut short"}${inLanguages(happening.languages)}${HEARD_TEXTS[happening.heard ?? "unknown"]}`;
		case "announcement-skipped":
			return `No announcement: ${happening.why === "policy" ? "the policy has none" : "imminent danger"}`;
		case "reason-given":
			return `Reason given${afterwards ? " afterwards" : ""}: ${happening.code}, ${happening.source === "button" ? "on the camera" : "over the link"}`;
		case "consent":
			return `Consent ${happening.mark}`;
		case "recording-paused":
			return "Recording paused";
		case "recording-resumed":
			return `Recording resumed after ${seconds(happening.toMs - happening.fromMs)}`;
		case "sound-muted":
			return "Sound muted";
		case "sound-restored":
			return `Sound restored after ${seconds(happening.toMs - happening.fromMs)}`;
		case "marker":
			return "Marker set by the wearer";
		case "alarm":
			return `Alarm ${happening.active ? "began" : "is over"}: ${happening.fault.replaceAll("-", " ")}`;
		case "frames-lost":
			return `Lost: ${happening.frames} pictures, ${happening.packets} sound packets`;
		case "clock-set":
			return `Clock set${happening.offsetMs === undefined ? "" : ` by ${seconds(happening.offsetMs)}`}, within ${seconds(happening.uncertaintyMs)}`;
	}
}

function inLanguages(languages: readonly string[]): string {
	return languages.length === 0 ? "" : `: ${languages.join(", ")}`;
}

/** `1.4 s`, `−3.0 s`. */
function seconds(ms: number): string {
	return `${ms < 0 ? "−" : ""}${(Math.abs(ms) / 1000).toFixed(1)} s`;
}
