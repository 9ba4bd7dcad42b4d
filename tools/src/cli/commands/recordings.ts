import type { RecordingSummary } from "@bodycam/protocol/camera/recordings";
import type { Command } from "commander";
import { readRecordingAndReceipt } from "../../client/camera.ts";
import { listRecordings } from "../../operations/recordings.ts";
import { addCommand, addGroup, handle, printResult, type Runtime } from "../command.ts";
import { describeRecording, describeRecordings } from "../describe-recording.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { parseRecordingNumber } from "../recording-number.ts";
import { addAnswerCommand } from "./recordings-answer.ts";
import { addEraseCommand } from "./recordings-erase.ts";
import { addGapsCommand } from "./recordings-gaps.ts";
import { addPullCommand } from "./recordings-pull.ts";

/** `bodycam recordings …`: what is on a camera's card. */
export function addRecordingsCommands(program: Command, runtime: Runtime): void {
	const group = addGroup(program, "recordings", "list recordings, fetch them, and answer what is owed");
	addListCommand(group, runtime);
	addInfoCommand(group, runtime);
	addPullCommand(group, runtime);
	addAnswerCommand(group, runtime);
	addGapsCommand(group, runtime);
	addEraseCommand(group, runtime);
}

function addListCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "list",
		summary: "list the recordings on a camera",
		description:
			"Lists the recordings on a camera in order of their numbers. They count up from 1 without gaps: a missing number would show.",
		examples: [["bodycam recordings list -d sim:cam1", "Those of a simulator"]],
	});
	handle<DeviceOptions>(addDeviceOptions(command), runtime, (context, options) =>
		withDevice(context, options, async (client) => {
			const recordings: RecordingSummary[] = [];
			for await (const recording of listRecordings(client, { signal: context.signal }))
				recordings.push(recording);
			printResult(context, recordings, () => describeRecordings(recordings));
		}),
	);
}

function addInfoCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "info <number>",
		summary: "show what is known about a recording",
		description:
			"Shows what a camera knows about one recording: when and by whom it was triggered, how many seconds before the trigger it holds and why, the announcement, and the SHA-256 of the file.",
		examples: [["bodycam recordings info 3 -d sim:cam1", "Recording number 3"]],
	});
	handle<DeviceOptions>(addDeviceOptions(command), runtime, (context, options, [text = ""]) => {
		const number = parseRecordingNumber(text);
		return withDevice(context, options, async (client) => {
			const { signal } = context;
			const { recording, receipt } = await readRecordingAndReceipt(client, number, { signal });
			const result = receipt === undefined ? recording : { ...recording, receipt };
			printResult(context, result, () => describeRecording(recording, receipt));
		});
	});
}
