import { WEARER_OBSTACLES } from "../wearer/terms.ts";

/** Why nothing may be recorded, apart from faults: the rules forbid it, or there is no energy left. */
export const CAPTURE_OBSTACLES = ["no-policy", ...WEARER_OBSTACLES, "battery-low", "battery-empty"] as const;

/** One of `CAPTURE_OBSTACLES`. */
export type CaptureObstacle = (typeof CAPTURE_OBSTACLES)[number];

/** Why something that was asked for is not done. */
export const REFUSALS = [
	"off",
	"fault",
	"recording",
	"finishing",
	"announcing",
	"not-recording",
	"not-allowed",
	...CAPTURE_OBSTACLES,
] as const;

/** One of `REFUSALS`. */
export type Refusal = (typeof REFUSALS)[number];

/** What the wearer asked for when it is refused and was no recording. */
export const ASKED = ["warning", "arming", "pause", "home", "consent", "imminent-danger", "marker"] as const;

/** One of `ASKED`. */
export type Asked = (typeof ASKED)[number];

/** Ways in which people are told. */
export const ANNOUNCEMENT_WAYS = ["spoken", "tone", "light", "display"] as const;

/** One of `ANNOUNCEMENT_WAYS`. */
export type AnnouncementWay = (typeof ANNOUNCEMENT_WAYS)[number];

/** Why a recording began, or went on, without an announcement. */
export const ANNOUNCEMENT_EXCEPTIONS = ["imminent-danger", "policy"] as const;

/** One of `ANNOUNCEMENT_EXCEPTIONS`. */
export type AnnouncementException = (typeof ANNOUNCEMENT_EXCEPTIONS)[number];

/** Whether the microphone heard what the speaker said; `unknown`: it did not run, or it was too loud to tell. */
export const HEARD = ["heard", "not-heard", "unknown"] as const;

/** One of `HEARD`. */
export type Heard = (typeof HEARD)[number];

/** What the person recorded says to it. */
export const CONSENT_MARKS = ["given", "refused", "withdrawn"] as const;

/** One of `CONSENT_MARKS`. */
export type ConsentMark = (typeof CONSENT_MARKS)[number];

/** What can be demanded of the wearer after a recording has begun. */
export const DEMANDS = ["reason", "authorisation"] as const;

/** One of `DEMANDS`. */
export type Demand = (typeof DEMANDS)[number];

/** States of the reserve table. */
export const RESERVE_STATES = ["enough", "low-battery", "low-card", "empty"] as const;

/** Most bytes of a reason code. */
export const REASON_CODE_MAX = 24;

/** Most bytes of the name or office of who authorised a recording. */
export const AUTHORISED_BY_MAX = 80;
