import { monotonicMs, recordingNumber, stopReason, triggerSource } from "../camera/terms.ts";
import { pseudonym } from "../camera/wearer.ts";
import { PUBLIC_KEY_BYTES } from "../cose/sign1.ts";
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
import { CERTIFICATE_BYTES_MAX } from "../trust/certificate.ts";
import { custodyHappening } from "./happenings.ts";
import { CUSTODY_RECIPIENTS_MAX, CUSTODY_STATES, HASH_BYTES } from "./terms.ts";

/** The form of the record that these sources know. */
export const CUSTODY_FORMAT = 1;

const hash = (doc: string) => bytes(HASH_BYTES, { min: HASH_BYTES, doc });
const count = (doc: string) => uint({ max: 0xffff_ffff, doc });
const key = (doc: string) => bytes(PUBLIC_KEY_BYTES, { min: PUBLIC_KEY_BYTES, doc });

/** Times in media; a frame can precede power-on's first millisecond by rounding. */
const mediaMs = (doc: string) =>
	integer(-1000, Number.MAX_SAFE_INTEGER, { doc: `${doc}, ms since power-on` });

/** Schema of `CustodyEntry`. */
export const custodyEntry = variants(
	"type",
	{
		item: count("place in the record, counted from 0"),
		before: hash(
			"SHA-256 of the payload before this one; in a header, of the payload that ends the recording before",
		),
		monotonicMs,
		wallMs: optional(uint({ doc: "ms since 1970 UTC; absent while the clock is unset" })),
		wallUncertaintyMs: optional(uint({ doc: "how far wallMs may be off, ms; absent with it" })),
	},
	{
		header: {
			format: integer(CUSTODY_FORMAT, CUSTODY_FORMAT, { doc: "form of this record" }),
			device: text(64, { doc: "serial number of the camera" }),
			key: key("the camera's Ed25519 public key, which signs every item"),
			certificates: optional(
				map(
					{
						deviceSigning: bytes(CERTIFICATE_BYTES_MAX, {
							doc: "certificate of the key that certifies cameras, by the agency's root key",
						}),
						device: bytes(CERTIFICATE_BYTES_MAX, { doc: "certificate of the camera's key, by that key" }),
					},
					{ name: "custody-certificates", doc: "absent while the camera belongs to no agency" },
				),
			),
			recording: recordingNumber,
			seeded: boolean({ doc: "true: randomness came from a seed, this is test material" }),
			image: hash("SHA-256 of the firmware image that runs"),
			policy: hash("SHA-256 of the signed policy in force"),
			retention: optional(
				map(
					{ class: text(32), days: uint({ doc: "to be deleted after so many days unless it is needed" }) },
					{ name: "custody-retention" },
				),
			),
			wearer: optional(pseudonym),
			source: triggerSource,
			resumes: optional(recordingNumber),
			preRecordMs: uint({ doc: "pre-recording that the policy asks for" }),
			recipients: array(key("X25519 public key"), CUSTODY_RECIPIENTS_MAX, {
				doc: "whom the recording is encrypted to, in the order of the age header",
			}),
		},
		checkpoint: {
			segment: count("counts up by one from 1"),
			offset: uint({ doc: "first byte of the segment in the age file" }),
			bytes: uint({ min: 1, doc: "bytes of the segment" }),
			sha256: hash("SHA-256 of these bytes"),
			firstMs: mediaMs("first picture or sound in it"),
			lastMs: mediaMs("last picture or sound in it"),
			state: choice(CUSTODY_STATES, { name: "custody-state" }),
			preRecord: boolean({ doc: "true: taken before the trigger" }),
			sound: boolean({ doc: "whether it has sound" }),
		},
		event: { happening: custodyHappening },
		final: {
			segments: count("checkpoints in the record"),
			bytes: uint({ doc: "bytes of the age file" }),
			durationMs: uint({ doc: "length of the picture" }),
			preRecordMs: uint({ doc: "of it, before the trigger" }),
			reason: stopReason,
		},
		recovery: {
			segments: count("checkpoints in the record"),
			bytes: uint({ doc: "bytes of the age file up to the end of the last segment: what is authenticated" }),
			cutBytes: uint({ doc: "bytes behind them that no checkpoint vouches for; they were cut off" }),
			cutRecordBytes: uint({ doc: "bytes of a torn item at the end of the record; they were cut off" }),
			lostMs: uint({ doc: "what was lost at most, ms of recording" }),
			reason: text(32, {
				doc: "why the firmware started again, or why it stopped recording where it ran on",
			}),
		},
	},
	{
		name: "custody-entry",
		doc: "payload of a COSE_Sign1 by the camera's key; a custody record is a CBOR sequence (RFC 8742) of them: header, checkpoints and events, and final or recovery; behind that, events with a reason that was given after the recording",
	},
);

/** Payload of one item of a custody record. */
export type CustodyEntry = Infer<typeof custodyEntry>;

/** A payload of one type. */
export type CustodyEntryOf<T extends CustodyEntry["type"]> = Extract<CustodyEntry, { readonly type: T }>;

type WithoutPlace<E> = E extends unknown ? Omit<E, "item" | "before"> : never;

/** What a writer says; the record adds place and hash. */
export type CustodyBody = WithoutPlace<CustodyEntry>;

/**
 * Whether an item may stand behind the end of a record: a reason that the wearer gave after the recording. It is no part
 * of what the final hash is about.
 */
export function mayFollowEnd(entry: CustodyEntry): boolean {
	return entry.type === "event" && entry.happening.type === "reason-given";
}
