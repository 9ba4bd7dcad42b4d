import { writeFileSync } from "node:fs";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { Command } from "commander";
import { readRecordingInfo } from "../../client/camera.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { type PullEvent, pullRecording } from "../../operations/pull-recording.ts";
import { listRecordings } from "../../operations/recordings.ts";
import { addCommand, type Context, handle, type Runtime, toJson } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { formatBytes, formatDuration, formatRate } from "../format.ts";
import { createProgress } from "../progress.ts";
import { type FileNamer, fileNamer, metadataFile } from "../recording-files.ts";
import { parseRecordingNumber } from "../recording-number.ts";

interface PullCommandOptions extends DeviceOptions {
	readonly out: string;
	readonly overwrite?: boolean;
}

/** `bodycam recordings pull`: fetches recordings and proves that they arrived whole. */
export function addPullCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "pull [numbers...]",
		summary: "fetch recordings",
		description:
			"Fetches recordings, by their numbers or all that are finished, and checks each against the SHA-256 the camera made while it recorded. A file gets its name only when it is whole; until then it ends in .part, and a pull that was broken off goes on where it stopped when it is run again. What is there already is not fetched again. Beside each NAME.mp4 lies what the camera knows about it, as NAME.json.",
		examples: [
			["bodycam recordings pull -d serial:/dev/ttyACM0 --out evidence", "All recordings, into a directory"],
			["bodycam recordings pull 3 -d sim:cam1 --out third.mp4", "One recording, into a file"],
		],
	})
		.option("-o, --out <path>", "a directory, or for one recording a file ending in .mp4", ".")
		.option("--overwrite", "replace a file of the same name that is something else");
	handle<PullCommandOptions>(addDeviceOptions(command), runtime, (context, options, args) => {
		const numbers = args.map(parseRecordingNumber);
		const nameFile = fileNamer(options.out, numbers.length === 1);
		return withDevice(context, options, async (client) => {
			const chosen = numbers.length > 0 ? numbers : await finishedRecordings(client, context);
			for (const number of chosen) await pullOne(client, context, options, number, nameFile);
		});
	});
}

async function finishedRecordings(client: SmpClient, context: Context): Promise<number[]> {
	const numbers: number[] = [];
	for await (const { number, state } of listRecordings(client, { signal: context.signal })) {
		if (state === "recording") context.terminal.note(`recording ${number} is still being made: left out`);
		else if (state !== "erased") numbers.push(number);
	}
	if (numbers.length === 0) context.terminal.note("there is nothing to fetch");
	return numbers;
}

async function pullOne(
	client: SmpClient,
	context: Context,
	options: PullCommandOptions,
	number: number,
	nameFile: FileNamer,
): Promise<void> {
	const metadata = await readRecordingInfo(client, number, { signal: context.signal });
	const file = nameFile(metadata);
	const pull = pullRecording(client, {
		number,
		file,
		signal: context.signal,
		overwrite: options.overwrite === true,
	});
	const show = context.json
		? (event: PullEvent) => context.terminal.out(toJson(event))
		: pullView(context, metadata);
	try {
		for await (const event of pull) {
			show(event);
			if (event.type === "done") writeFileSync(metadataFile(file), `${toJson(event.metadata)}\n`);
		}
	} finally {
		context.terminal.status("");
	}
}

/** Shows a pull as it goes: the estimate first, then a bar or lines, then what came of it. */
function pullView({ terminal }: Context, { number }: RecordingMetadata): (event: PullEvent) => void {
	const progress = createProgress(terminal, `recording ${number}`);
	return (event) => {
		switch (event.type) {
			case "estimate":
				if (event.resumedAt < event.total) terminal.note(estimateText(number, event));
				break;
			case "progress":
				progress.update({ done: event.bytes, total: event.total, rate: event.rate });
				break;
			case "verifying":
				terminal.status("checking …");
				break;
			case "done":
				progress.close();
				terminal.out(doneText(number, event));
				break;
		}
	};
}

function estimateText(number: number, event: Extract<PullEvent, { type: "estimate" }>): string {
	const resumed = event.resumedAt > 0 ? `, ${formatBytes(event.resumedAt)} are here already` : "";
	const time =
		event.seconds > 0 ? `, about ${formatDuration(event.seconds * 1000)} at ${formatRate(event.rate)}` : "";
	return `recording ${number}: ${formatBytes(event.total)}${resumed}${time}`;
}

function doneText(number: number, event: Extract<PullEvent, { type: "done" }>): string {
	if (event.transferred === 0) return `recording ${number} is here already: ${event.file}`;
	return `recording ${number}: ${event.file} (${formatBytes(event.total)}, ${formatRate(event.rate)}, SHA-256 verified)`;
}
