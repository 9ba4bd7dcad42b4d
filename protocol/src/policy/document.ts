import { array, boolean, choice, type Infer, integer, map, optional, text, uint } from "../schema/schema.ts";
import { evidenceRule } from "./evidence-rule.ts";
import { ANNOUNCEMENT_LANGUAGES } from "./languages.ts";
import {
	ALLOWANCES,
	ANNOUNCEMENT_TIMES,
	CONSENT_REFUSALS,
	CONSENT_SITUATIONS,
	PRE_RECORDING_MODES,
	REMINDER_CUES,
} from "./terms.ts";

/** The form of the document that these sources know; a document with another one is refused. */
export const POLICY_FORMAT = 1;

/** Longest pre-recording any policy may grant, ms. */
export const PRE_RECORDING_MAX_MS = 120_000;

/** Shortest interval at which the camera may speak, ask or remind, ms: below it would do nothing else. */
export const INTERVAL_MIN_MS = 10_000;

/** Longest interval a policy may name, ms: a day. */
const INTERVAL_MAX_MS = 86_400_000;

/** Last moment a policy may name: 9999-12-31, ms since 1970 UTC. */
const TIME_MAX_MS = 253_402_300_799_999;

const interval = (doc: string) => uint({ max: INTERVAL_MAX_MS, doc: `${doc}, ms; 0: never` });
const moment = (doc: string) => uint({ max: TIME_MAX_MS, doc: `${doc}, ms since 1970 UTC` });
const language = choice(ANNOUNCEMENT_LANGUAGES, { name: "announcement-language" });
const allowance = choice(ALLOWANCES, {
	name: "allowance",
	doc: "nothing; announcing without recording; recording without pre-recording; everything",
});

/** Schema of `JurisdictionRule`. */
const jurisdictionRule = map({
	place: text(80, { doc: "state or municipality, for people" }),
	code: text(16, { doc: "ISO 3166-2 code; XX where no state's law is meant" }),
	legalBasis: array(
		map({
			reference: text(80, { doc: "section and statute" }),
			text: text(240, { doc: "what it says about the camera" }),
		}),
		12,
	),
});

/** Schema of `PreRecordingRule`. */
const preRecordingRule = map({
	mode: choice(PRE_RECORDING_MODES, {
		doc: "never, after the wearer armed it, or whenever the camera is ready",
	}),
	maximumMs: uint({ max: PRE_RECORDING_MAX_MS, doc: "longest that settings may choose, ms" }),
	defaultMs: uint({ max: PRE_RECORDING_MAX_MS, doc: "length while settings choose none, ms" }),
	sound: boolean({ doc: "whether sound is kept with the picture" }),
	locked: boolean({ doc: "true: locked off, and every other member has to say so too" }),
});

/** Schema of `AnnouncementRule`. */
const announcementRule = map({
	languages: array(language, ANNOUNCEMENT_LANGUAGES.length, { doc: "spoken in this order" }),
	signedOff: array(language, ANNOUNCEMENT_LANGUAGES.length, {
		doc: "drafts whose words the agency has checked and takes as its own",
	}),
	spoken: boolean(),
	tone: boolean({ doc: "a tone before the words, or alone" }),
	light: boolean({ doc: "the light that faces the public" }),
	display: boolean({ doc: "the display that faces the public" }),
	haptic: boolean({ doc: "whether the wearer feels that the recording began" }),
	volume: integer(1, 100, { doc: "percent" }),
	when: choice(ANNOUNCEMENT_TIMES),
	repeatMs: interval("repeated this often while recording"),
	imminentDanger: map({
		allowed: boolean({ doc: "whether it may be skipped in imminent danger" }),
		reasonRequired: boolean({ doc: "whether a reason is demanded afterwards" }),
	}),
});

/** Schema of `Policy`. */
export const policy = map(
	{
		format: integer(POLICY_FORMAT, POLICY_FORMAT, { doc: "form of this document" }),
		name: text(32, { doc: "short name, as status tells it" }),
		title: text(120, { doc: "for people" }),
		version: uint({ min: 1, max: 0xffff_ffff, doc: "counts up: a camera takes no older one" }),
		issuer: map({
			agency: text(64, { doc: "name of the agency; the same as in its certificates" }),
			contact: optional(text(120, { doc: "who answers questions" })),
		}),
		notBefore: moment("valid from"),
		expires: moment("valid until"),
		jurisdiction: jurisdictionRule,
		sources: array(text(200), 12, { doc: "where these rules were found" }),
		counsel: map({
			checked: boolean({ doc: "whether legal counsel has checked this document" }),
			note: text(240),
		}),
		covert: boolean({ doc: "always false: there is no covert recording" }),
		activation: map({
			remoteStart: boolean({ doc: "whether a recording may be started over the link" }),
			reasonRequired: boolean({ doc: "whether a reason is demanded for every recording" }),
		}),
		preRecording: preRecordingRule,
		announcement: announcementRule,
		warning: map({
			allowed: boolean({ doc: "whether there is a state that is shown and does not record" }),
			spoken: boolean(),
			light: boolean(),
			display: boolean(),
			maximumMs: interval("goes out by itself after this time"),
		}),
		homes: map({
			extraConfirmation: boolean({ doc: "a recording in a home has to be confirmed" }),
			authorisedByRequired: boolean({ doc: "who authorised it is to be named" }),
		}),
		coreAreaPause: map({
			allowed: boolean({ doc: "whether the wearer can pause for the core area of private life" }),
			reminderMs: interval("while paused the wearer is reminded this often"),
		}),
		secrecyReminder: boolean({
			doc: "reminds of places of professional secrecy when the camera is armed or started",
		}),
		stop: map({
			confirmation: boolean({ doc: "whether the stop is confirmed by a second hold" }),
			stillNeededMs: interval("asks this often whether the recording is still needed"),
			reminderMs: interval("reminds the wearer this often that it runs"),
			reminderCues: array(choice(REMINDER_CUES), REMINDER_CUES.length),
		}),
		reasonCodes: array(
			map({
				code: text(24),
				label: text(80),
				imminentDanger: boolean({ doc: "whether it may justify a skipped announcement" }),
			}),
			24,
		),
		reserve: map({
			lowBatteryMinutes: integer(1, 240, {
				doc: "warns at this many minutes of recording left in the battery",
			}),
			lowCardMinutes: integer(1, 1440, { doc: "warns at this many minutes of recording left on the card" }),
		}),
		retention: map({
			class: text(32, { doc: "class the store files the recording under" }),
			days: integer(1, 3650, { doc: "deleted after so many days unless it is needed" }),
		}),
		evidence: evidenceRule,
		consent: map({
			requiredIn: array(choice(CONSENT_SITUATIONS), CONSENT_SITUATIONS.length),
			onRefusal: choice(CONSENT_REFUSALS),
		}),
		wearer: map({
			assignmentRequired: boolean({ doc: "records only while a wearer is assigned" }),
			checkOutRequired: boolean({ doc: "records only while the wearer has checked the camera out" }),
		}),
		gestures: map({
			doublePressMs: integer(200, 1500, { doc: "longest time from the first press to the second" }),
			holdMs: integer(1000, 10_000, { doc: "time the button is held to stop" }),
			debounceMs: integer(5, 50, { doc: "time a level has to last to count" }),
		}),
		whenClockUnset: allowance,
		whenBatteryLow: allowance,
	},
	{ name: "policy", doc: "what the rules of a place decide about the camera's behaviour" },
);

/** Everything that the rules of a place decide about the camera's behaviour, as data. Times in ms. */
export type Policy = Infer<typeof policy>;

/** What may be kept from before the trigger. */
export type PreRecordingRule = Policy["preRecording"];

/** How people are told that a recording runs. */
export type AnnouncementRule = Policy["announcement"];

/** How the wearer commands the camera with the event button. */
export type GestureRule = Policy["gestures"];

/** Most bytes of a signed policy: what the camera has room to keep. */
export const SIGNED_POLICY_BYTES_MAX = 8192;

/** Content type of a signed policy (COSE header 3). */
export const POLICY_CONTENT_TYPE = "application/bodycam-policy+cbor";
