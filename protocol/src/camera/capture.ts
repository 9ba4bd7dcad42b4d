import { choice, map, optional, text } from "../schema/schema.ts";
import { command } from "../smp/command.ts";
import { declareErrors } from "../smp/errors.ts";
import { ReturnCode } from "../smp/return-code.ts";
import { AUTHORISED_BY_MAX, DEMANDS, REASON_CODE_MAX } from "./capture-terms.ts";
import { CameraGroup } from "./groups.ts";
import { recordingNumber } from "./terms.ts";

/** Starts a recording over the link. */
export const captureStart = command({
	name: "capture-start",
	group: CameraGroup.capture,
	id: 0,
	access: "write",
	role: "wearer",
	doc: "Starts a recording, where the policy lets the link do so.",
	request: map({}),
	response: map({ recording: recordingNumber }),
});

/** Ends the recording over the link. */
export const captureStop = command({
	name: "capture-stop",
	group: CameraGroup.capture,
	id: 1,
	access: "write",
	role: "wearer",
	doc: "Ends the recording under way, where the policy lets the link start one.",
	request: map({}),
	response: map({ recording: recordingNumber }),
});

/** Answers what is demanded of the wearer. */
export const captureAnswer = command({
	name: "capture-answer",
	group: CameraGroup.capture,
	id: 2,
	access: "write",
	role: "wearer",
	doc: "Gives the reason of a recording, or who authorised it in a home, when that is demanded.",
	request: map({
		recording: recordingNumber,
		reason: optional(text(REASON_CODE_MAX, { doc: "a reason code of the policy" })),
		authorisedBy: optional(text(AUTHORISED_BY_MAX, { doc: "name or office" })),
	}),
	response: map({ left: optional(choice(DEMANDS, { doc: "what is still demanded for that recording" })) }),
});

/** Errors of the capture group. */
export const CaptureError = declareErrors(CameraGroup.capture, {
	notAllowed: [2, ReturnCode.accessDenied, "the policy does not let the link start or end a recording"],
	refused: [3, ReturnCode.badState, "nothing can be recorded now"],
	notRecording: [4, ReturnCode.badState, "nothing is being recorded"],
	notDemanded: [5, ReturnCode.noEntry, "that is not demanded for this recording"],
	unknownReason: [6, ReturnCode.invalid, "the policy has no such reason code for this recording"],
	notKept: [7, ReturnCode.unknown, "the camera could not store it; the demand stays"],
});

/** The commands of the capture group. */
export const CAPTURE_COMMANDS = [captureStart, captureStop, captureAnswer] as const;
