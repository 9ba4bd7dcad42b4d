import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { VideoFormat } from "../hal/encoded-video-in.ts";
import type { RecordingBase } from "./recorder-interface.ts";
import type { TallyCounts } from "./tally.ts";

/** Less than this is missing before the trigger, µs: then it is not called missing, as a group of pictures has a length. */
const GROUP_LIMIT = 1_500_000;

/** What decides how much was delivered from before the trigger. Times in µs on the board's clock. */
export interface PreRecordFacts {
	/** Configured length. */
	readonly configured: number;
	/** The trigger. */
	readonly trigger: number;
	/** First picture there is, Infinity or -1 without one. */
	readonly firstFrame: number;
	/** First sound there is, Infinity or -1 without. */
	readonly firstPacket: number;
	/** Since when the ring has been filled. */
	readonly armedSince: number;
	/** Newest time given up for want of room. */
	readonly roomTime: number;
	/** Time between keyframes. */
	readonly groupTime: number;
	/** What the arena holds, ms. */
	readonly capacityMs: number;
}

function before(first: number, trigger: number, limit: number): number {
	if (first < 0 || first >= trigger) return 0;
	return Math.min(limit, Math.floor((trigger - first) / 1000));
}

/** Configured, delivered, and why they differ. */
export function describePreRecord(facts: PreRecordFacts): RecordingMetadata["preRecord"] {
	const { configured, trigger, armedSince, roomTime, groupTime } = facts;
	const configuredMs = Math.floor(configured / 1000);
	const deliveredMs = before(facts.firstFrame, trigger, configuredMs);
	const audioMs = before(facts.firstPacket, trigger, configuredMs);
	const cutoff = trigger - configured;
	const missing = configured - deliveredMs * 1000;
	const group = groupTime > 0 ? Math.min(groupTime, GROUP_LIMIT) : GROUP_LIMIT;
	let reason: RecordingMetadata["preRecord"]["reason"] = "keyframe";
	if (configured === 0) reason = "off";
	else if (missing <= group + 1000) reason = "complete";
	else if (armedSince > cutoff) reason = "arming";
	else if (roomTime >= cutoff) reason = "arena";
	return { configuredMs, deliveredMs, audioMs, capacityMs: facts.capacityMs, reason };
}

/** What makes up a recording's metadata. */
export interface MetadataParts {
	/** Number of the recording. */
	readonly number: number;
	/** What the owner of the recorder knows. */
	readonly base: RecordingBase;
	/** Who triggered. */
	readonly source: RecordingMetadata["trigger"]["source"];
	/** The trigger on the board's clock, µs. */
	readonly trigger: number;
	/** Pre-recording. */
	readonly preRecord: RecordingMetadata["preRecord"];
	/** Format of the pictures. */
	readonly video: VideoFormat | undefined;
	/** What was muxed. */
	readonly counts: TallyCounts;
	/** From the trigger until everything from before was on the card, ms. */
	readonly drainMs: number;
	/** Frames lost. */
	readonly lostFrames: number;
	/** Packets lost. */
	readonly lostPackets: number;
}

const milliseconds = (time: number) => Math.floor(time / 1000);

/** Metadata of an open recording. */
export function describeRecording(parts: MetadataParts): RecordingMetadata {
	const { base, counts, trigger, video, lostFrames, lostPackets } = parts;
	const triggerMs = milliseconds(trigger);
	const { firstFrame, lastFrame, firstPacket, lastPacket, packets } = counts;
	return {
		number: parts.number,
		state: "recording",
		...base,
		trigger: {
			monotonicMs: triggerMs,
			source: parts.source,
			framesBefore: counts.framesBefore,
			framesAfter: counts.framesAfter,
		},
		preRecord: parts.preRecord,
		video: {
			width: video?.width ?? 0,
			height: video?.height ?? 0,
			frames: counts.framesBefore + counts.framesAfter,
			firstMs: firstFrame < 0 ? triggerMs : milliseconds(firstFrame),
			lastMs: lastFrame < 0 ? triggerMs : milliseconds(lastFrame),
			bitRate: video?.bitRate ?? 0,
		},
		...(packets > 0
			? { audio: { packets, firstMs: milliseconds(firstPacket), lastMs: milliseconds(lastPacket) } }
			: {}),
		drainMs: parts.drainMs,
		...(lostFrames + lostPackets > 0 ? { lost: { frames: lostFrames, packets: lostPackets } } : {}),
		bytes: 0,
		interrupted: false,
	};
}

/**
 * The final metadata of a recording that a power cut ended.
 * @param opening - what it was opened with
 * @param bytes - bytes kept
 * @param sha256 - their digest
 * @param notes - the notes of the last segment kept: running totals of the recorder
 */
export function describeInterruptedRecording(
	opening: RecordingMetadata,
	bytes: number,
	sha256: Uint8Array,
	notes: Uint32Array,
): RecordingMetadata {
	const [framesBefore = 0, framesAfter = 0, packets = 0, firstMs = 0, lastMs = 0] = notes;
	const [firstPacketMs = 0, lastPacketMs = 0, lostFrames = 0, lostPackets = 0, drainMs = 0] =
		notes.subarray(5);
	const frames = framesBefore + framesAfter;
	const { trigger, preRecord, video } = opening;
	const { audio: _audio, lost: _lost, ...rest } = opening;
	const delivered = frames > 0 ? Math.max(0, trigger.monotonicMs - firstMs) : 0;
	const sound = packets > 0 ? Math.max(0, trigger.monotonicMs - firstPacketMs) : 0;
	return {
		...rest,
		state: "interrupted",
		trigger: { ...trigger, framesBefore, framesAfter },
		preRecord: {
			...preRecord,
			deliveredMs: Math.min(delivered, preRecord.configuredMs),
			audioMs: Math.min(sound, preRecord.configuredMs),
		},
		video: { ...video, frames, ...(frames > 0 ? { firstMs, lastMs } : {}) },
		...(packets > 0 ? { audio: { packets, firstMs: firstPacketMs, lastMs: lastPacketMs } } : {}),
		...(lostFrames + lostPackets > 0 ? { lost: { frames: lostFrames, packets: lostPackets } } : {}),
		drainMs,
		bytes,
		sha256: sha256.slice(),
		interrupted: true,
	};
}
