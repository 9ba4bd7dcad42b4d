import { POLICY_REFUSALS } from "../policy/signed.ts";
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
	variants,
} from "../schema/schema.ts";
import { command } from "../smp/command.ts";
import { CERTIFICATE_BYTES_MAX } from "../trust/certificate.ts";
import { ASSIGNMENT_NUMBER_MAX } from "../wearer/assignment.ts";
import { ASSIGNMENT_REFUSALS, VALIDITY_OBSTACLES, WITHDRAWAL_SOURCES } from "../wearer/terms.ts";
import { CAPTURE_EVENTS } from "./capture-events.ts";
import { CameraGroup } from "./groups.ts";
import { POLICY_STATES } from "./policy.ts";
import { preRecordReason } from "./recordings.ts";
import { fault, monotonicMs, recordingNumber, stopReason } from "./terms.ts";
import { pseudonym } from "./wearer.ts";

/** Most bytes of a signed checkpoint of the event log. */
export const CHECKPOINT_BYTES_MAX = 320;

/** Largest correction of the clock that an event can tell, ms. */
const CLOCK_OFFSET_MAX = 253_402_300_799_999;

/** Schema of `CameraEvent`: the one stream that feeds the log, the metadata and the link. */
export const cameraEvent = variants(
	"type",
	{
		sequence: uint({ min: 1, doc: "counts up by one from 1 at each boot" }),
		monotonicMs,
		wallMs: optional(uint({ doc: "ms since 1970 UTC; absent while the clock is unset" })),
		wallUncertaintyMs: optional(uint({ doc: "how far wallMs may be off; absent with it" })),
	},
	{
		booted: {
			reason: text(32, { doc: "why the firmware started" }),
			build: text(64),
			crash: optional(text(256, { doc: "what the last run died of" })),
		},
		provisioned: { agency: text(64), name: optional(text(32, { doc: "name the agency gave the camera" })) },
		"provisioning-refused": { why: text(96) },
		"factory-reset": {
			agency: text(64, { doc: "the agency the camera belonged to" }),
			recordings: uint({ doc: "recordings on the card at that moment" }),
		},
		"factory-reset-refused": { why: text(96) },
		policy: {
			name: text(64),
			version: optional(uint({ doc: "version of the policy in force" })),
			preRecordMs: uint({ doc: "0: off" }),
			sound: boolean({ doc: "sound before the trigger" }),
		},
		"policy-missing": {
			why: choice(POLICY_STATES, { doc: "why no policy is in force: nothing is recorded" }),
			detail: optional(text(200)),
		},
		"policy-installed": {
			name: text(32),
			version: uint(),
			previous: optional(uint({ doc: "version it replaces" })),
			sha256: bytes(32, { min: 32, doc: "SHA-256 of the signed document" }),
			effect: choice(["now", "after-recording"]),
		},
		"policy-refused": {
			reason: choice(POLICY_REFUSALS),
			field: optional(text(80, { doc: "the field at fault" })),
			detail: text(200),
		},
		...CAPTURE_EVENTS,
		"recording-started": { recording: recordingNumber },
		"recording-drained": {
			recording: recordingNumber,
			drainMs: uint({ doc: "from the trigger until the pre-record buffer had been written" }),
			deliveredMs: uint({ doc: "picture before the trigger" }),
			audioMs: uint({ doc: "sound before the trigger" }),
			reason: preRecordReason,
		},
		"recording-stopped": { recording: recordingNumber, reason: stopReason },
		"recording-closed": {
			recording: recordingNumber,
			bytes: uint(),
			durationMs: uint(),
			sha256: bytes(32, { min: 32 }),
		},
		"recording-erased": {
			recording: recordingNumber,
			bytes: uint({ doc: "bytes of the age file" }),
			finalHash: bytes(32, {
				min: 32,
				doc: "SHA-256 of the payload of the item that ends its custody record",
			}),
			archive: bytes(8, { min: 8, doc: "first 8 bytes of the SHA-256 of the archive's public key" }),
			receipt: bytes(32, { min: 32, doc: "SHA-256 of the signed receipt" }),
		},
		"erasure-refused": { recording: optional(recordingNumber), why: text(96) },
		"interrupted-recovered": { recording: recordingNumber, bytes: uint(), durationMs: uint() },
		fault: { fault, active: boolean({ doc: "false: its cause is gone" }), detail: optional(text(96)) },
		"frames-lost": { frames: uint(), packets: uint(), recording: optional(recordingNumber) },
		battery: { percent: uint({ max: 100 }), charging: boolean(), minutesLeft: optional(uint()) },
		card: {
			state: choice(["inserted", "removed", "formatted"]),
			bytes: uint(),
			freeBytes: uint(),
		},
		"clock-set": {
			previousMs: optional(uint({ doc: "what the clock said; absent when it was unset" })),
			offsetMs: optional(
				integer(-CLOCK_OFFSET_MAX, CLOCK_OFFSET_MAX, {
					doc: "what was added to it; absent when it was unset",
				}),
			),
			uncertaintyMs: uint(),
		},
		"wearer-assigned": {
			wearer: pseudonym,
			assignment: uint({ min: 1, max: ASSIGNMENT_NUMBER_MAX, doc: "number of the assignment" }),
			notAfter: uint({ doc: "assigned until, ms since 1970 UTC" }),
		},
		"wearer-assignment-refused": { why: choice(ASSIGNMENT_REFUSALS) },
		"wearer-checked-out": { wearer: pseudonym },
		"wearer-checked-in": { wearer: pseudonym },
		"wearer-withdrawn": { wearer: pseudonym, source: choice(WITHDRAWAL_SOURCES) },
		"wearer-lapsed": {
			wearer: pseudonym,
			why: choice(VALIDITY_OBSTACLES, { doc: "which date has passed" }),
		},
		reset: { reason: text(32) },
		"log-opened": {
			device: text(64, { doc: "serial number of the camera" }),
			entries: uint({ doc: "entries the log on the card had before" }),
			cutBytes: uint({ doc: "bytes at its end that a power cut had torn; they are no entries" }),
			boots: optional(uint({ doc: "boots of this camera, this one included; one left out had no card" })),
		},
		"log-gap": {
			first: uint({
				min: 1,
				doc: "sequence of the first event that could not be kept; the last has the sequence of this one",
			}),
		},
		"log-signer": {
			deviceSigning: bytes(CERTIFICATE_BYTES_MAX, {
				doc: "certificate of the key that certifies cameras, by the agency's root key",
			}),
			device: bytes(CERTIFICATE_BYTES_MAX, {
				doc: "certificate of the camera's key, which signs the checkpoints from here on",
			}),
		},
		"log-checkpoint": {
			entries: uint({ doc: "entries it vouches for" }),
			signed: bytes(CHECKPOINT_BYTES_MAX, { doc: "COSE_Sign1 of the camera over a log-checkpoint" }),
		},
	},
	{ name: "camera-event", doc: "one thing that happened in the camera" },
);

/** One thing that happened in the camera. */
export type CameraEvent = Infer<typeof cameraEvent>;

/** The names of events. */
export type CameraEventType = CameraEvent["type"];

type WithoutStamps<E> = E extends unknown
	? Omit<E, "sequence" | "monotonicMs" | "wallMs" | "wallUncertaintyMs">
	: never;

/** What a source of events says; the stream adds sequence and times. */
export type CameraEventBody = WithoutStamps<CameraEvent>;

/** Most events in one answer. */
export const EVENTS_MAX = 32;

/** Most bytes of one encoded event. */
export const EVENT_BYTES_MAX = 1280;

/** Reads events from a cursor. */
export const eventsRead = command({
	name: "events-read",
	group: CameraGroup.events,
	id: 0,
	access: "read",
	role: "wearer",
	doc: "Reads the events after a cursor; SMP has no push.",
	request: map({
		after: optional(uint({ doc: "sequence of the last event seen; 0 or absent: from the oldest kept" })),
		max: optional(uint({ min: 1, max: EVENTS_MAX, doc: "events wanted at most" })),
	}),
	response: map({
		events: array(cameraEvent, EVENTS_MAX),
		next: uint({ doc: "the cursor to ask on with" }),
		lost: uint({ doc: "events between the cursor and the first one here that are no longer kept" }),
		boot: uint({ max: 0xffff_ffff, doc: "another number after each boot: then start again from 0" }),
	}),
});

/** The commands of the events group. */
export const EVENTS_COMMANDS = [eventsRead] as const;
