import { RecordingsError } from "@bodycam/protocol/camera/recordings";
import type { Command } from "@bodycam/protocol/smp/command";
import type { ErrorAnswer } from "@bodycam/protocol/smp/error-answer";
import type { GroupErrorDeclaration } from "@bodycam/protocol/smp/errors";
import { OsError } from "@bodycam/protocol/smp/os";
import { ReturnCode, returnCodeMeaning } from "@bodycam/protocol/smp/return-code";
import { RefusedError } from "../errors.ts";

const DECLARED: readonly GroupErrorDeclaration[] = [
	...Object.values(OsError),
	...Object.values(RecordingsError),
];

const GROUP_HINTS = new Map<GroupErrorDeclaration, string>([
	[OsError.clockNotSet, "`bodycam clock set` sets it."],
	[RecordingsError.noSuchRecording, "`bodycam recordings list` shows those on the card."],
	[RecordingsError.noCard, "Put the card in and try again."],
	[RecordingsError.cardNotReady, "Try again in a moment."],
	[RecordingsError.cardFailed, "Take the card out and read it with `bodycam card extract`."],
	[RecordingsError.stillRecording, "Stop the recording, then try again."],
]);

const CODE_HINTS: Readonly<Record<number, string>> = {
	[ReturnCode.notSupported]:
		"The camera's firmware may be older than these tools: `bodycam status` shows its build.",
	[ReturnCode.busy]: "Try again in a moment.",
	[ReturnCode.accessDenied]: "Connect with a role that may do this.",
	[ReturnCode.badState]: "`bodycam status` shows the state of the camera.",
};

/** The error a device's error answer stands for, in words. */
export function refusal(command: Command, answer: ErrorAnswer): RefusedError {
	const declared = DECLARED.find(({ group, code }) => group === answer.group && code === answer.code);
	const means =
		answer.reason ??
		declared?.means ??
		(answer.group === undefined
			? returnCodeMeaning(answer.code)
			: `failed with code ${answer.code} of group ${answer.group}`);
	const hint = declared === undefined ? CODE_HINTS[answer.code] : GROUP_HINTS.get(declared);
	return new RefusedError(`the camera refused ${command.name}: ${means}`, {
		returnCode: answer.code,
		...(answer.group === undefined ? {} : { group: answer.group }),
		...(hint === undefined ? {} : { hint }),
	});
}
