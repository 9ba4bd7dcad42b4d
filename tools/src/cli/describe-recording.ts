import type { RecordingMetadata, RecordingSummary } from "@bodycam/protocol/camera/recordings";
import { peekReceipt } from "@bodycam/protocol/custody/receipt";
import { TrustError } from "@bodycam/protocol/trust/trust-error";
import {
	formatBytes,
	formatClock,
	formatCount,
	formatCounted,
	formatDuration,
	formatMoment,
} from "./format.ts";
import { formatFacts, formatTable } from "./table.ts";

/** A list of recordings for people. */
export function describeRecordings(recordings: readonly RecordingSummary[]): string {
	if (recordings.length === 0) return "no recordings";
	return formatTable(
		["number", "state", "length", "pre-recorded", "size", "started"],
		recordings.map((recording) => [
			String(recording.number),
			recording.state,
			formatDuration(recording.durationMs),
			formatDuration(recording.preRecordMs),
			formatBytes(recording.bytes),
			formatMoment(recording.startedAt),
		]),
	);
}

/** What is known about one recording, for people. @param receipt - what it was erased on */
export function describeRecording(recording: RecordingMetadata, receipt?: Uint8Array): string {
	const { announcement, audio, lost, policy, preRecord, retention, stop, trigger, video } = recording;
	const closed = recording.state !== "recording";
	return formatFacts([
		["recording", `${recording.number} (${recording.state})`],
		["camera", recording.device],
		["firmware", `${recording.build.slice(0, 12)} on ${recording.engine}`],
		["started", startText(recording)],
		["trigger", `${formatClock(trigger.monotonicMs)} after power-on, by ${trigger.source}`],
		[
			"pre-recorded",
			`${formatDuration(preRecord.deliveredMs)} of ${formatDuration(preRecord.configuredMs)}, sound ${formatDuration(preRecord.audioMs)}: ${reasons[preRecord.reason]}`,
		],
		[
			"picture",
			closed
				? `${video.width}×${video.height}, ${formatCount(video.frames)} frames (${trigger.framesBefore} before the trigger), ${formatDuration(video.lastMs - video.firstMs)}`
				: `${video.width}×${video.height}; ${LATER}`,
		],
		[
			"sound",
			audio === undefined
				? closed
					? "none"
					: LATER
				: `${formatCount(audio.packets)} packets, ${formatDuration(audio.lastMs - audio.firstMs)}`,
		],
		["policy", policy && `${policy.name} version ${policy.version}`],
		[
			"retention",
			retention &&
				`${retention.days} ${retention.days === 1 ? "day" : "days"} unless needed (${retention.class})`,
		],
		["announced", announcement && announcementText(announcement, trigger.monotonicMs)],
		["reason", recording.reason],
		["stopped", stop && `${formatClock(stop.monotonicMs)} after power-on, by ${stop.reason}`],
		[
			"lost",
			lost && `${formatCounted(lost.frames, "frame")}, ${formatCounted(lost.packets, "sound packet")}`,
		],
		["size", closed ? formatBytes(recording.bytes) : LATER],
		["SHA-256", recording.sha256 && Buffer.from(recording.sha256).toString("hex")],
		["erased", receipt && receiptText(receipt)],
		["randomness", recording.seeded ? "from a seed: this is test material" : undefined],
	]);
}

function receiptText(receipt: Uint8Array): string {
	try {
		const { recording, readBackMs } = peekReceipt(receipt);
		return `on an archive's receipt for recording ${recording}, which it had read back ${formatMoment(readBackMs)}`;
	} catch (error) {
		if (error instanceof TrustError) return "its receipt cannot be read";
		throw error;
	}
}

/** Of a recording that is being made the camera does not tell how much there is. */
const LATER = "known when it is closed";

const reasons = {
	complete: "all that is configured, but for a part of one group of pictures",
	keyframe: "there was no earlier keyframe after the cutoff",
	arming: "the camera had been armed for less",
	arena: "memory held no more at this bit rate",
	off: "pre-recording is off",
} as const;

function startText(recording: RecordingMetadata): string {
	const { startedAt, clockUncertaintyMs } = recording;
	if (startedAt === undefined) return "unknown: the clock was not set";
	return `${formatMoment(startedAt)}${clockUncertaintyMs === undefined ? "" : ` ± ${formatDuration(clockUncertaintyMs)}`}`;
}

function announcementText(
	announcement: NonNullable<RecordingMetadata["announcement"]>,
	triggerMs: number,
): string {
	const { startMs, endMs, languages } = announcement;
	return `in ${languages.join(", ")}, from ${formatDuration(startMs - triggerMs)} to ${formatDuration(endMs - triggerMs)} after the trigger`;
}
