import {
	array,
	boolean,
	bytes,
	choice,
	type Infer,
	integer,
	map,
	optional,
	text,
	uint,
} from "../schema/schema.ts";
import { command } from "../smp/command.ts";
import { declareErrors } from "../smp/errors.ts";
import { ReturnCode } from "../smp/return-code.ts";
import { ANNOUNCEMENT_EXCEPTIONS, CONSENT_MARKS, HEARD, REASON_CODE_MAX } from "./capture-terms.ts";
import { CameraGroup } from "./groups.ts";
import { monotonicMs, recordingNumber, stopReason, triggerSource } from "./terms.ts";
import { pseudonym } from "./wearer.ts";

/**
 * Whether a recording is still being made, was closed, was cut off and closed at the next boot, or was erased on an
 * archive's receipt.
 */
export const recordingState = choice(["recording", "complete", "interrupted", "erased"], {
	name: "recording-state",
});

/** Why less was delivered from before the trigger than is configured; `complete`: within one group of pictures it was not. */
export const preRecordReason = choice(["complete", "keyframe", "arming", "arena", "off"], {
	name: "pre-record-reason",
	doc: "keyframe: no earlier keyframe after the cutoff; arming: armed for less; arena: memory for less; off: not configured",
});

/** Times in a recording's metadata on the board's clock; a frame can precede power-on's first millisecond by rounding. */
const mediaMs = integer(-1000, Number.MAX_SAFE_INTEGER, { doc: "ms since power-on" });

/** Most markers that the metadata of a recording hold; each is an event in any case. */
export const MARKERS_MAX = 64;

/** Most gaps of one kind. */
export const GAPS_MAX = 16;

/** Most consent marks. */
export const CONSENT_MARKS_MAX = 16;

const span = map({ fromMs: monotonicMs, toMs: monotonicMs });

/** Schema of `RecordingMetadata`. */
export const recordingMetadata = map(
	{
		number: recordingNumber,
		state: recordingState,
		device: text(64, { doc: "serial number of the camera" }),
		build: text(64, { doc: "hash of the firmware artefact" }),
		engine: text(64, { doc: "engine and version" }),
		seeded: boolean({ doc: "true: randomness came from a seed, this is test material" }),
		startedAt: optional(
			uint({ doc: "wall clock at the trigger, ms since 1970 UTC; absent while it was unset" }),
		),
		clockUncertaintyMs: optional(uint({ doc: "uncertainty of the wall clock, ms" })),
		wearer: optional(pseudonym),
		resumes: optional(recordingNumber),
		policy: optional(
			map(
				{
					name: text(32),
					version: uint({ min: 1, max: 0xffff_ffff }),
					sha256: bytes(32, { min: 32, doc: "SHA-256 of the signed document" }),
				},
				{ name: "recording-policy", doc: "the policy in force at the trigger" },
			),
		),
		retention: optional(
			map(
				{ class: text(32), days: uint({ doc: "to be deleted after so many days unless it is needed" }) },
				{ name: "retention" },
			),
		),
		trigger: map({
			monotonicMs,
			source: triggerSource,
			framesBefore: uint({ doc: "frames presented before the trigger" }),
			framesAfter: uint({ doc: "frames presented at or after the trigger" }),
		}),
		preRecord: map({
			configuredMs: uint({ doc: "what the policy asks for" }),
			deliveredMs: uint({ doc: "picture before the trigger" }),
			audioMs: uint({ doc: "sound before the trigger" }),
			capacityMs: uint({ doc: "what memory holds at this bit rate" }),
			reason: preRecordReason,
		}),
		announcement: optional(
			map({
				startMs: monotonicMs,
				endMs: monotonicMs,
				languages: array(text(8), 8, { doc: "BCP 47 tags in the order spoken" }),
				repeats: optional(uint({ doc: "how often it was said again" })),
				heard: optional(choice(HEARD, { doc: "what the microphone says of the first time" })),
			}),
		),
		announcementSkipped: optional(
			choice(ANNOUNCEMENT_EXCEPTIONS, { doc: "why there was no announcement, or it was broken off" }),
		),
		reason: optional(text(REASON_CODE_MAX, { doc: "reason code of the policy" })),
		home: optional(
			map({
				confirmed: boolean(),
			}),
		),
		consent: optional(
			array(map({ mark: choice(CONSENT_MARKS), atMs: monotonicMs }), CONSENT_MARKS_MAX, {
				doc: "what the person recorded said to it",
			}),
		),
		markers: optional(array(monotonicMs, MARKERS_MAX, { doc: "moments that the wearer marked" })),
		gaps: optional(
			array(span, GAPS_MAX, { doc: "paused for the core area of private life: nothing was recorded" }),
		),
		muted: optional(array(span, GAPS_MAX, { doc: "recorded without sound" })),
		video: map({
			width: uint({ max: 0xffff, doc: "pixels" }),
			height: uint({ max: 0xffff, doc: "pixels" }),
			frames: uint(),
			firstMs: mediaMs,
			lastMs: mediaMs,
			bitRate: uint({ doc: "bit/s" }),
		}),
		audio: optional(map({ packets: uint(), firstMs: mediaMs, lastMs: mediaMs })),
		stop: optional(map({ monotonicMs, reason: stopReason })),
		drainMs: uint({ doc: "from the trigger until the pre-record buffer had been written" }),
		lost: optional(map({ frames: uint(), packets: uint() })),
		bytes: uint({ doc: "length of the age file" }),
		sha256: optional(
			bytes(32, { min: 32, doc: "SHA-256 (FIPS 180-4) of the age file; absent while it is being made" }),
		),
		finalHash: optional(
			bytes(32, {
				min: 32,
				doc: "hash behind the item that ends the custody record; absent while there is none",
			}),
		),
		interrupted: boolean({ doc: "true: cut off, its end could not be written" }),
	},
	{ name: "recording-metadata", doc: "what is known about a recording; kept beside it on the card" },
);

/** What is known about a recording; kept beside it on the card. Times in ms. */
export type RecordingMetadata = Infer<typeof recordingMetadata>;

/** Schema of `RecordingSummary`. */
export const recordingSummary = map(
	{
		number: recordingNumber,
		state: recordingState,
		bytes: uint(),
		durationMs: uint({ doc: "length of the picture" }),
		preRecordMs: uint({ doc: "of it, before the trigger" }),
		startedAt: optional(uint({ doc: "ms since 1970 UTC" })),
	},
	{ name: "recording-summary" },
);

/** One line in a list of recordings. */
export type RecordingSummary = Infer<typeof recordingSummary>;

/** Most bytes of an archive's signed receipt. */
export const RECEIPT_BYTES_MAX = 512;

/** Most entries in an answer to `recordingsList`. */
export const LIST_MAX = 32;

/** Lists recordings in order of their numbers. */
export const recordingsList = command({
	name: "recordings-list",
	group: CameraGroup.recordings,
	id: 0,
	access: "read",
	role: "technician",
	doc: "Lists recordings in order of their numbers, a page at a time.",
	request: map({
		from: optional(uint({ doc: "first number wanted; 1 without it" })),
		max: optional(uint({ min: 1, max: LIST_MAX, doc: "entries wanted at most" })),
	}),
	response: map({
		recordings: array(recordingSummary, LIST_MAX),
		next: optional(uint({ doc: "ask on from here; absent at the end" })),
	}),
});

/** The metadata of one recording. */
export const recordingsInfo = command({
	name: "recordings-info",
	group: CameraGroup.recordings,
	id: 1,
	access: "read",
	role: "technician",
	doc: "Tells what is known about one recording.",
	request: map({ number: recordingNumber }),
	response: map({
		recording: recordingMetadata,
		receipt: optional(bytes(RECEIPT_BYTES_MAX, { doc: "the archive's receipt it was erased on" })),
	}),
});

/** Bytes a read response takes besides its data: SMP header, map, keys, integers and the data's own header. */
export const READ_OVERHEAD = 48;

/** Most bytes in one read response. */
export const READ_MAX = 16_384;

/** The two files of a recording: encrypted picture and sound, and the custody record. */
export const RECORDING_PARTS = ["age", "custody"] as const;

/** One of `RECORDING_PARTS`. */
export type RecordingPart = (typeof RECORDING_PARTS)[number];

/** Reads bytes of one recording. */
export const recordingsRead = command({
	name: "recordings-read",
	group: CameraGroup.recordings,
	id: 2,
	access: "read",
	role: "technician",
	doc: "Reads bytes of one of the files of a recording; several requests may be under way. Fewer bytes than asked for are no error.",
	request: map({
		number: recordingNumber,
		part: optional(
			choice(RECORDING_PARTS, {
				doc: "age: the encrypted recording, also without it; custody: its custody record",
			}),
		),
		off: uint({ doc: "offset of the first byte" }),
		len: optional(
			uint({ min: 1, max: READ_MAX, doc: "bytes wanted at most; without it, what fits the buffer" }),
		),
	}),
	response: map({
		off: uint(),
		data: bytes(READ_MAX, { doc: "empty at or past the end" }),
		total: uint({ doc: "length of the part" }),
	}),
});

/** Erases one recording. */
export const recordingsErase = command({
	name: "recordings-erase",
	group: CameraGroup.recordings,
	id: 3,
	access: "write",
	role: "technician",
	doc: "Erases one recording on the signed receipt of an archive that the policy in force names. The number, the final hash and the receipt stay. The same receipt again changes nothing.",
	request: map({
		receipt: bytes(RECEIPT_BYTES_MAX, { min: 1, doc: "COSE_Sign1 of a receipt by the archive's key" }),
	}),
	response: map({ number: recordingNumber }),
});

/** Errors of the recordings group. */
export const RecordingsError = declareErrors(CameraGroup.recordings, {
	noSuchRecording: [2, ReturnCode.noEntry, "there is no recording with that number"],
	noCard: [3, ReturnCode.badState, "there is no memory card in the camera"],
	cardFailed: [4, ReturnCode.unknown, "the memory card could not be read"],
	stillRecording: [5, ReturnCode.badState, "the recording is still being made"],
	cardNotReady: [6, ReturnCode.busy, "the memory card is being read in"],
	erased: [7, ReturnCode.noEntry, "the recording was erased after an archive gave its receipt"],
	receiptMalformed: [8, ReturnCode.invalid, "the receipt is damaged, or another kind of document"],
	receiptUntrusted: [
		9,
		ReturnCode.accessDenied,
		"the receipt is not one of an archive in the policy in force",
	],
	receiptMismatch: [10, ReturnCode.invalid, "the receipt is for another recording"],
	eraseFailed: [11, ReturnCode.unknown, "the recording could not be erased: the card failed"],
});

/** The commands of the recordings group. */
export const RECORDINGS_COMMANDS = [recordingsList, recordingsInfo, recordingsRead, recordingsErase] as const;
