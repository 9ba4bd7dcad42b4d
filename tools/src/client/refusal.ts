import { CaptureError } from "@bodycam/protocol/camera/capture";
import { PolicyGroupError } from "@bodycam/protocol/camera/policy";
import { ProvisioningError } from "@bodycam/protocol/camera/provisioning";
import { RecordingsError } from "@bodycam/protocol/camera/recordings";
import { WearerError } from "@bodycam/protocol/camera/wearer";
import { OTHER_CLIENT_COMMANDS } from "@bodycam/protocol/smp/ble";
import type { Command } from "@bodycam/protocol/smp/command";
import { EnumerationError } from "@bodycam/protocol/smp/enumeration";
import type { ErrorAnswer } from "@bodycam/protocol/smp/error-answer";
import type { GroupErrorDeclaration } from "@bodycam/protocol/smp/errors";
import { FilesystemError } from "@bodycam/protocol/smp/filesystem";
import { ImageGroupError } from "@bodycam/protocol/smp/image";
import { OsError } from "@bodycam/protocol/smp/os";
import { ReturnCode, returnCodeMeaning } from "@bodycam/protocol/smp/return-code";
import { SettingsError } from "@bodycam/protocol/smp/settings";
import { ShellError } from "@bodycam/protocol/smp/shell";
import { StatisticsError } from "@bodycam/protocol/smp/statistics";
import { RefusedError } from "../errors.ts";

const DECLARED: readonly GroupErrorDeclaration[] = [
	...Object.values(OsError),
	...Object.values(ImageGroupError),
	...Object.values(PolicyGroupError),
	...Object.values(RecordingsError),
	...Object.values(ProvisioningError),
	...Object.values(WearerError),
	...Object.values(ImageGroupError),
	...Object.values(StatisticsError),
	...Object.values(SettingsError),
	...Object.values(FilesystemError),
	...Object.values(ShellError),
	...Object.values(EnumerationError),
	...Object.values(CaptureError),
];

const GROUP_HINTS = new Map<GroupErrorDeclaration, string>([
	[OsError.clockNotSet, "`bodycam clock set` sets it."],
	[
		ImageGroupError.noFreeSlot,
		"`bodycam firmware confirm` confirms it, `bodycam firmware revert` goes back.",
	],
	[
		ImageGroupError.contextSet,
		"A camera takes one upload at a time: wait until the other one is over, or stop it, then run the command again.",
	],
	[ImageGroupError.hashNotFound, "`bodycam firmware status` shows what lies in the slots."],
	[ImageGroupError.invalidSlot, "`bodycam firmware status` shows which slot runs."],
	[ImageGroupError.alreadyPending, "Restart the camera first, or `bodycam firmware erase` the slot."],
	[ImageGroupError.confirmationDenied, "`bodycam firmware status` shows why."],
	[ImageGroupError.writeFailed, "Try again; if it stays so, have the camera repaired."],
	[ImageGroupError.eraseFailed, "Try again; if it stays so, have the camera repaired."],
	[
		PolicyGroupError.notProvisioned,
		"`bodycam provision` ties it to an agency, and gives it its first policy.",
	],
	[PolicyGroupError.unsigned, "`bodycam policy sign` signs it."],
	[PolicyGroupError.wrongSigner, "`bodycam status` shows the agency of the camera."],
	[PolicyGroupError.wrongAgency, "`bodycam status` shows the agency of the camera."],
	[PolicyGroupError.older, "`bodycam policy new --from FILE` makes a version that is one higher."],
	[PolicyGroupError.notYetValid, "`bodycam clock set` sets the camera's clock, if that is what is wrong."],
	[PolicyGroupError.expired, "`bodycam policy new --from FILE` makes a version that is valid from today on."],
	[RecordingsError.noSuchRecording, "`bodycam recordings list` shows those on the card."],
	[RecordingsError.erased, "Its archive has it; `bodycam recordings info` shows the receipt."],
	[RecordingsError.receiptMalformed, "`bodycam evidence receipt` makes one."],
	[
		RecordingsError.receiptUntrusted,
		"`bodycam policy show -d DEVICE` lists the archives; a policy that names another one has to be installed first.",
	],
	[RecordingsError.receiptMismatch, "Pull the recording again, and have the archive sign for that."],
	[RecordingsError.eraseFailed, "Look at the card with `bodycam status`, then try again."],
	[RecordingsError.noCard, "Put the card in and try again."],
	[RecordingsError.cardNotReady, "Try again in a moment."],
	[RecordingsError.cardFailed, "Take the card out and read it with `bodycam card extract`."],
	[
		ProvisioningError.provisioned,
		"`bodycam factory-reset` makes it forget its agency; it needs that agency's keys.",
	],
	[ProvisioningError.notProvisioned, "`bodycam provision` gives it one."],
	[ProvisioningError.storageFailed, "Restart the camera and try again; if it stays so, have it repaired."],
	[ProvisioningError.notBegun, "Run the command again from its beginning."],
	[
		ProvisioningError.recordingsKept,
		"Fetch the recordings with `bodycam recordings pull`, then name them with --give-up, or --give-up all.",
	],
	[ProvisioningError.recording, "Stop the recording, then try again."],
	[ProvisioningError.expired, "Check this computer's clock, and the agency with `bodycam agency show`."],
	[ProvisioningError.notYetValid, "Check this computer's clock, and the agency with `bodycam agency show`."],
	[RecordingsError.stillRecording, "Stop the recording, then try again."],
	[CaptureError.notDemanded, "`bodycam status` shows what is owed."],
	[CaptureError.unknownReason, "`bodycam policy show` lists the reason codes."],
	[CaptureError.notKept, "Look at the card with `bodycam status`, then answer again."],
	[WearerError.notProvisioned, "`bodycam provision` gives it one."],
	[WearerError.older, "`bodycam wearer status` shows the last number; give a higher one."],
	[WearerError.notYetValid, "Check its dates, and the camera's clock with `bodycam status`."],
	[
		WearerError.assignmentExpired,
		"Assign it again; `bodycam status` shows whether the camera's clock is right.",
	],
	[WearerError.consentExpired, "Ask the wearer, and assign the camera again."],
	[WearerError.trainingExpired, "Have the wearer trained, and assign the camera again."],
	[WearerError.clockUnset, "`bodycam clock set` sets it."],
	[WearerError.noWearer, "`bodycam wearer assign` assigns it."],
	[WearerError.consentWithdrawn, "Only another assignment, with a new consent, changes that."],
	[WearerError.checkedOut, "Check it in first: `bodycam wearer checkin`."],
	[WearerError.otherWearer, "`bodycam wearer status` shows to whom."],
	[WearerError.recording, "Stop the recording, then try again."],
	[WearerError.notKept, "Try again; if that does not help the camera's memory is broken."],
]);

const CODE_HINTS: Readonly<Record<number, string>> = {
	[ReturnCode.notSupported]:
		"The camera's firmware may be older than these tools: `bodycam status` shows its build.",
	[ReturnCode.busy]: "Try again in a moment.",
	[ReturnCode.accessDenied]: "Connect with a role that may do this.",
	[ReturnCode.badState]: "`bodycam status` shows the state of the camera.",
};

/** A camera does not know its clients by name, so only their programs can be looked for. */
const OTHER_CLIENT_HINT =
	"It is free 10 s after the other client's last request, or as soon as that one disconnects; `bodycam events --follow`, a pull and a flash keep it until they end. The camera cannot tell who it is: `ps ax | grep bodycam` shows such programs on this computer, else look for a telephone or computer near the camera.";

/** How a camera begins to say that the receipt itself is damaged; the same code stands for an archive it does not know. */
const RECEIPT_SIGNATURE_INVALID = "the signature of the receipt is not valid";

const RECEIPT_AGAIN_HINT =
	"Its file was changed or damaged: fetch it again from the archive, or move it away and have `bodycam evidence receipt` make it anew.";

/** The error a device's error answer stands for, in words. */
export function refusal(command: Command, answer: ErrorAnswer): RefusedError {
	const declared = DECLARED.find(({ group, code }) => group === answer.group && code === answer.code);
	const means =
		answer.reason ??
		declared?.means ??
		(answer.group === undefined
			? returnCodeMeaning(answer.code)
			: `failed with code ${answer.code} of group ${answer.group}`);
	const hint = declared === undefined ? codeHint(answer) : groupHint(declared, answer);
	return new RefusedError(`the camera refused ${command.name}: ${means}`, {
		returnCode: answer.code,
		...(answer.group === undefined ? {} : { group: answer.group }),
		...(hint === undefined ? {} : { hint }),
	});
}

function codeHint({ code, reason }: ErrorAnswer): string | undefined {
	return code === ReturnCode.busy && reason === OTHER_CLIENT_COMMANDS ? OTHER_CLIENT_HINT : CODE_HINTS[code];
}

function groupHint(declared: GroupErrorDeclaration, { reason }: ErrorAnswer): string | undefined {
	const damaged =
		declared === RecordingsError.receiptUntrusted && reason?.startsWith(RECEIPT_SIGNATURE_INVALID);
	return damaged === true ? RECEIPT_AGAIN_HINT : GROUP_HINTS.get(declared);
}
