import type { Command } from "commander";
import { type Answer, answerDemand } from "../../client/capture.ts";
import { UsageError } from "../../errors.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { parseRecordingNumber } from "../recording-number.ts";

interface AnswerFlags extends DeviceOptions {
	readonly reason?: string;
	readonly authorisedBy?: string;
}

/** What is said of a recording that nothing is owed for any more, or of what still is. */
const LEFT = {
	nothing: "nothing is left to answer",
	reason: "the reason is still to be answered",
	authorisation: "who authorised it is still to be answered",
} as const;

/** `bodycam recordings answer`: gives what the policy demands after a recording. */
export function addAnswerCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "answer <number>",
		summary: "give the reason of a recording, or who authorised it",
		description:
			"Answers what the policy demands of the wearer for a recording: a reason, as one of the codes that `bodycam policy show` lists, and for a recording in a home who authorised it. The camera logs the answer as an event, unencrypted. The reason is put into the recording's custody record as well, behind its end when the recording is over: pull it again then. Who authorised it is put into what is encrypted while the recording is made, and is in the event log only when it is said later. `bodycam status` and the events say what is owed. The reason can be chosen on the camera itself as well.",
		examples: [
			["bodycam recordings answer 3 --reason threat -d sim:cam1", "Why recording 3 was made"],
			['bodycam recordings answer 3 --authorised-by "PHK Weber" -d sim:cam1', "Who let it be made in a home"],
		],
	});
	addDeviceOptions(command)
		.option("--reason <code>", "one of the policy's reason codes")
		.option("--authorised-by <who>", "name or office of who authorised it");
	handle<AnswerFlags>(command, runtime, (context, flags, [text = ""]) => {
		const recording = parseRecordingNumber(text);
		const { reason, authorisedBy } = flags;
		if (reason === undefined && authorisedBy === undefined)
			throw new UsageError("there is no answer", { hint: "Give --reason, --authorised-by, or both." });
		const answer: Answer = { reason, authorisedBy };
		return withDevice(context, flags, async (client) => {
			const left = await answerDemand(client, recording, answer, { signal: context.signal });
			printResult(context, { recording, left }, () => `recording ${recording}: ${LEFT[left ?? "nothing"]}`);
		});
	});
}
