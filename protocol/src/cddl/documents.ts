import { CAPTURE_COMMANDS } from "../camera/capture.ts";
import { DEVELOPMENT_COMMANDS } from "../camera/development.ts";
import { EVENT_LOG_COMMANDS } from "../camera/event-log.ts";
import { EVENTS_COMMANDS } from "../camera/events.ts";
import { bootDecision, FIRMWARE_COMMANDS } from "../camera/firmware.ts";
import { LOG_COMMANDS } from "../camera/log.ts";
import { POLICY_COMMANDS } from "../camera/policy.ts";
import { privateMetadata } from "../camera/private-metadata.ts";
import { PROVISIONING_COMMANDS } from "../camera/provisioning.ts";
import { RECORDINGS_COMMANDS } from "../camera/recordings.ts";
import { STATUS_COMMANDS } from "../camera/status.ts";
import { WEARER_COMMANDS } from "../camera/wearer.ts";
import { custodyEntry } from "../custody/entry.ts";
import { receipt } from "../custody/receipt.ts";
import { logCheckpoint } from "../event-log/checkpoint.ts";
import { logEntry } from "../event-log/entry.ts";
import { policy } from "../policy/document.ts";
import { localSettings } from "../policy/tighten.ts";
import { ENUMERATION_COMMANDS } from "../smp/enumeration.ts";
import { groupErrorAnswer, protocolErrorAnswer } from "../smp/error-answer.ts";
import { FILESYSTEM_COMMANDS } from "../smp/filesystem.ts";
import { IMAGE_COMMANDS } from "../smp/image.ts";
import { OS_COMMANDS } from "../smp/os.ts";
import { SETTINGS_COMMANDS } from "../smp/settings.ts";
import { SHELL_COMMANDS } from "../smp/shell.ts";
import { STATISTICS_COMMANDS } from "../smp/statistics.ts";
import { certificate } from "../trust/certificate.ts";
import { keyRequest } from "../trust/key-request.ts";
import { resetAuthorisation } from "../trust/reset-authorisation.ts";
import { assignment } from "../wearer/assignment.ts";
import type { CddlDocument } from "./write.ts";

/** The published schema, a file a group. */
export const CDDL_DOCUMENTS: readonly CddlDocument[] = [
	{
		name: "smp",
		title: "Errors, in every group. A packet is an 8-byte header and one of the maps of these files.",
		commands: [],
		rules: [protocolErrorAnswer, groupErrorAnswer],
	},
	{ name: "os", title: "What every SMP device answers: group 0, os.", commands: OS_COMMANDS },
	{ name: "image", title: "Firmware images: group 1, image.", commands: IMAGE_COMMANDS },
	{ name: "statistics", title: "Counters: group 2, statistics.", commands: STATISTICS_COMMANDS },
	{ name: "settings", title: "Settings by name: group 3, settings.", commands: SETTINGS_COMMANDS },
	{ name: "filesystem", title: "Files by path: group 8, filesystem.", commands: FILESYSTEM_COMMANDS },
	{ name: "shell", title: "Shell commands: group 9, shell.", commands: SHELL_COMMANDS },
	{
		name: "enumeration",
		title: "Which groups there are: group 10, enumeration.",
		commands: ENUMERATION_COMMANDS,
	},
	{ name: "status", title: "The state of the camera: group 64.", commands: STATUS_COMMANDS },
	{
		name: "events",
		title: "What happened in the camera: group 65, and the entries of the event log on its card.",
		commands: [...EVENTS_COMMANDS, ...EVENT_LOG_COMMANDS],
		rules: [logEntry, logCheckpoint],
	},
	{ name: "recordings", title: "Recordings on the card: group 66.", commands: RECORDINGS_COMMANDS },
	{ name: "log", title: "The log of the camera: group 67.", commands: LOG_COMMANDS },
	{
		name: "provisioning",
		title: "To which agency the camera belongs: group 68, and the documents that are signed for it.",
		commands: PROVISIONING_COMMANDS,
		rules: [certificate, keyRequest, resetAuthorisation],
	},
	{
		name: "policy",
		title: "The rules the camera goes by: group 69, and the document they are written in.",
		commands: POLICY_COMMANDS,
		rules: [policy, localSettings],
	},
	{
		name: "wearer",
		title: "Who wears the camera: group 70, and the document that says so.",
		commands: WEARER_COMMANDS,
		rules: [assignment],
	},
	{
		name: "capture",
		title: "Recording over the link, and what is owed afterwards: group 71.",
		commands: CAPTURE_COMMANDS,
	},
	{
		name: "firmware",
		title: "Which firmware runs and why: group 72.",
		commands: FIRMWARE_COMMANDS,
		rules: [bootDecision],
	},
	{
		name: "development",
		title: "For those who develop the firmware: group 73, in builds made for them only.",
		commands: DEVELOPMENT_COMMANDS,
	},
	{
		name: "custody",
		title:
			"The custody record beside a recording, and the receipt of an archive: what their COSE_Sign1 objects say; and what only the recording itself says, in a box of its MP4.",
		commands: [],
		rules: [custodyEntry, receipt, privateMetadata],
	},
];
