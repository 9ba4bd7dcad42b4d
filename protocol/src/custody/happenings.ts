import { CAPTURE_EVENTS } from "../camera/capture-events.ts";
import { fault } from "../camera/terms.ts";
import { boolean, type Infer, integer, optional, uint, variants } from "../schema/schema.ts";

/** Largest correction of a clock, ms: the year 9999. */
const CLOCK_OFFSET_MAX = 253_402_300_799_999;

/**
 * What happens to a recording and may be read without its key: events of the camera without what names people or
 * places. The number of the recording is in the header.
 */
export const custodyHappening = variants(
	"type",
	{},
	{
		"announcement-started": {
			languages: CAPTURE_EVENTS["announcement-started"].languages,
			repetition: CAPTURE_EVENTS["announcement-started"].repetition,
		},
		"announcement-ended": {
			languages: CAPTURE_EVENTS["announcement-ended"].languages,
			complete: CAPTURE_EVENTS["announcement-ended"].complete,
			heard: CAPTURE_EVENTS["announcement-ended"].heard,
		},
		"announcement-skipped": { why: CAPTURE_EVENTS["announcement-skipped"].why },
		"reason-given": {
			code: CAPTURE_EVENTS["reason-given"].code,
			source: CAPTURE_EVENTS["reason-given"].source,
		},
		consent: { mark: CAPTURE_EVENTS.consent.mark },
		"recording-paused": { fromMs: CAPTURE_EVENTS["recording-paused"].fromMs },
		"recording-resumed": {
			fromMs: CAPTURE_EVENTS["recording-resumed"].fromMs,
			toMs: CAPTURE_EVENTS["recording-resumed"].toMs,
		},
		"sound-muted": { fromMs: CAPTURE_EVENTS["sound-muted"].fromMs },
		"sound-restored": {
			fromMs: CAPTURE_EVENTS["sound-restored"].fromMs,
			toMs: CAPTURE_EVENTS["sound-restored"].toMs,
		},
		marker: { atMs: CAPTURE_EVENTS.marker.atMs },
		alarm: { fault, active: boolean({ doc: "false: its cause is gone" }) },
		"frames-lost": { frames: uint(), packets: uint() },
		"clock-set": {
			previousMs: optional(uint({ doc: "what the clock said; absent when it was unset" })),
			offsetMs: optional(integer(-CLOCK_OFFSET_MAX, CLOCK_OFFSET_MAX, { doc: "what was added to it" })),
			uncertaintyMs: uint(),
		},
	},
	{ name: "custody-happening", doc: "what happens to a recording and names neither people nor places" },
);

/** What happens to a recording and may be read without its key. */
export type CustodyHappening = Infer<typeof custodyHappening>;
