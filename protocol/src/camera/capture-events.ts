import { array, boolean, choice, optional, text, uint } from "../schema/schema.ts";
import {
	ANNOUNCEMENT_EXCEPTIONS,
	ANNOUNCEMENT_WAYS,
	ASKED,
	AUTHORISED_BY_MAX,
	CONSENT_MARKS,
	DEMANDS,
	HEARD,
	REASON_CODE_MAX,
	REFUSALS,
	RESERVE_STATES,
} from "./capture-terms.ts";
import { monotonicMs, recordingNumber, triggerSource } from "./terms.ts";

const languages = (doc: string) => array(text(8), 8, { doc });
const announced = optional(recordingNumber);

/** The events of the ladder from worn to recorded: gestures, warning, announcement, pause, marks, questions. */
export const CAPTURE_EVENTS = {
	armed: {
		preRecordMs: uint({ doc: "configured" }),
		capacityMs: uint({ doc: "what memory holds" }),
		bitRate: optional(uint({ doc: "bit/s the encoder was set to so that it fits" })),
	},
	disarmed: { reason: choice(["policy", "link", "fault", "power", "button", "rules"]) },
	button: {
		button: choice(["event", "function", "both"]),
		action: choice([
			"pressed",
			"released",
			"press",
			"double-press",
			"triple-press",
			"hold",
			"press-hold",
			"long-hold",
		]),
	},
	trigger: { recording: recordingNumber, source: triggerSource },
	"trigger-refused": { source: triggerSource, why: choice(REFUSALS) },
	refused: { what: choice(ASKED), why: choice(REFUSALS) },
	"warning-started": {},
	"warning-ended": { reason: choice(["wearer", "timeout", "recording", "rules", "fault"]) },
	"announcement-started": {
		recording: announced,
		languages: languages("those to be spoken; without a recording it is the warning"),
		by: optional(array(choice(ANNOUNCEMENT_WAYS), ANNOUNCEMENT_WAYS.length)),
		repetition: optional(uint({ doc: "how often it was said before for the same recording" })),
	},
	"announcement-ended": {
		recording: announced,
		languages: languages("those spoken to their end"),
		complete: boolean(),
		heard: optional(choice(HEARD, { doc: "what the microphone says" })),
	},
	"announcement-skipped": { recording: recordingNumber, why: choice(ANNOUNCEMENT_EXCEPTIONS) },
	"confirmation-asked": { what: choice(["stop", "home"]) },
	"confirmation-lapsed": { what: choice(["stop", "home"]) },
	marker: { recording: recordingNumber, atMs: monotonicMs },
	home: {
		recording: recordingNumber,
		state: choice(["marked", "confirmed", "authorised"]),
		authorisedBy: optional(text(AUTHORISED_BY_MAX)),
	},
	"recording-paused": { recording: recordingNumber, fromMs: monotonicMs },
	"recording-resumed": { recording: recordingNumber, fromMs: monotonicMs, toMs: monotonicMs },
	consent: { recording: recordingNumber, mark: choice(CONSENT_MARKS) },
	"sound-muted": { recording: recordingNumber, fromMs: monotonicMs },
	"sound-restored": { recording: recordingNumber, fromMs: monotonicMs, toMs: monotonicMs },
	demanded: { recording: recordingNumber, what: choice(DEMANDS) },
	"reason-given": {
		recording: recordingNumber,
		code: text(REASON_CODE_MAX),
		source: choice(["button", "link"]),
	},
	"still-needed-asked": { recording: recordingNumber },
	"still-needed-answered": { recording: recordingNumber, answer: choice(["yes", "none"]) },
	reminded: { what: choice(["secrecy", "paused"]) },
	reserve: {
		state: choice(RESERVE_STATES),
		batteryMinutes: optional(uint({ doc: "minutes of recording left in the battery" })),
		cardMinutes: optional(uint({ doc: "minutes of recording left on the card at the present bit rate" })),
	},
} as const;
