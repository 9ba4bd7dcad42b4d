import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { type CustodyHappening, custodyHappening } from "@bodycam/protocol/custody/happenings";
import { parse } from "@bodycam/protocol/schema/validate";

/** Events that go into a custody record as they are, but for what names people or places. */
const TAKEN: readonly CameraEventBody["type"][] = [
	"announcement-started",
	"announcement-ended",
	"announcement-skipped",
	"reason-given",
	"consent",
	"recording-paused",
	"recording-resumed",
	"sound-muted",
	"sound-restored",
	"marker",
	"frames-lost",
	"clock-set",
];

/** What of an event goes into a custody record; undefined: nothing. */
export function happeningOf(event: CameraEventBody): CustodyHappening | undefined {
	if (event.type === "fault") return { type: "alarm", fault: event.fault, active: event.active };
	return TAKEN.includes(event.type) ? parse(custodyHappening, event) : undefined;
}

/** The recording an event names; undefined: none in particular. */
export function recordingOf(event: CameraEventBody): number | undefined {
	return "recording" in event ? event.recording : undefined;
}
