import { type RecordingMetadata, recordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { CardRecording } from "@bodycam/protocol/card/reader";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { parse } from "@bodycam/protocol/schema/validate";

/** A recording on a card. */
export interface CardEntry {
	/** Number, state, length and hash as the card's journal has them. */
	readonly recording: CardRecording;
	/** What the camera knew about it; undefined when that is not understood. */
	readonly metadata: RecordingMetadata | undefined;
}

/** The entry of a recording. */
export function cardEntry(recording: CardRecording): CardEntry {
	return { recording, metadata: readMetadata(recording) };
}

/** What is known of a recording, for machines. Of an unfinished one that is what the camera knew when it opened it. */
export function entryFacts({ recording, metadata }: CardEntry): object {
	const { metadata: _cbor, sha256, receipt, ...journal } = recording;
	const known = metadata && recording.state === "unfinished" ? openingFacts(metadata) : metadata;
	return {
		...known,
		...journal,
		...(sha256 === undefined ? {} : { sha256 }),
		...(receipt === undefined ? {} : { receipt }),
	};
}

/** The metadata of an open recording hold zeros where counts and times will stand when it is closed. */
function openingFacts(metadata: RecordingMetadata): object {
	const { trigger, preRecord, video, audio, lost, drainMs, bytes, interrupted, ...rest } = metadata;
	const { width, height, bitRate } = video;
	return {
		...rest,
		trigger: { monotonicMs: trigger.monotonicMs, source: trigger.source },
		preRecord: { configuredMs: preRecord.configuredMs, capacityMs: preRecord.capacityMs },
		...(width > 0 ? { video: { width, height, bitRate } } : {}),
	};
}

function readMetadata({ metadata }: CardRecording): RecordingMetadata | undefined {
	try {
		return parse(recordingMetadata, decodeCbor(metadata));
	} catch {
		return undefined;
	}
}
