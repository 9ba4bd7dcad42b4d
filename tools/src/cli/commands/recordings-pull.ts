import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { readRecordingInfo } from "../../client/camera.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { VerificationError } from "../../errors.ts";
import { type PullEvidenceEvent, pullEvidence } from "../../operations/pull-evidence.ts";
import { listRecordings } from "../../operations/recordings.ts";
import { type AnchorOptions, addAnchorOptions, anchorOf } from "../anchor-options.ts";
import { addCommand, type Context, handle, type Runtime, toJson } from "../command.ts";
import { describeFindings, paintVerdict } from "../describe-evidence.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { formatBytes, formatDuration, formatRate } from "../format.ts";
import { createProgress } from "../progress.ts";
import { type EvidenceNamer, evidenceNamer } from "../recording-files.ts";
import { parseRecordingNumber } from "../recording-number.ts";

interface PullCommandOptions extends DeviceOptions, AnchorOptions {
	readonly out: string;
	readonly overwrite?: boolean;
}

/** `bodycam recordings pull`: fetches recordings and proves that they arrived whole. */
export function addPullCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "pull [numbers...]",
		summary: "fetch recordings",
		description:
			"Fetches recordings, by their numbers or all that are finished. Each is two files: NAME.mp4.age, encrypted to the agency's keys, and NAME.custody.cbor, the record the camera has signed. The age file is checked against the SHA-256 the camera made while it recorded, then both against each other, and with --agency or --root also whose camera it is. They get their names only when they are whole; until then they end in .part, and a pull that was broken off goes on where it stopped when it is run again. What is there already is not fetched again; when a reason was given since, the custody record has gone on, and it alone is. What a camera has delivered broken is called NAME.unverified, and the exit code is 6. Beside them lies what the camera knows about the recording, as NAME.json.",
		examples: [
			[
				"bodycam recordings pull -d serial:/dev/ttyACM0 --agency ./agency --out evidence",
				"All recordings, into a directory",
			],
			["bodycam recordings pull 3 -d sim:cam1 --out third.mp4.age", "One recording, under a name of its own"],
		],
	})
		.option(
			"-o, --out <path>",
			"a directory, or for one recording the name of its file ending in .mp4.age",
			".",
		)
		.option("--overwrite", "replace files of the same names that are something else");
	handle<PullCommandOptions>(
		addAnchorOptions(addDeviceOptions(command)),
		runtime,
		(context, options, args) => {
			const numbers = args.map(parseRecordingNumber);
			const nameFiles = evidenceNamer(options.out, numbers.length === 1);
			const anchor = anchorOf(options);
			return withDevice(context, options, async (client) => {
				const chosen = numbers.length > 0 ? numbers : await finishedRecordings(client, context);
				const broken: VerificationError[] = [];
				for (const number of chosen) {
					const failure = await pullOne(client, context, { ...options, anchor, number, nameFiles });
					if (failure !== undefined) broken.push(failure);
				}
				if (broken[0] !== undefined) throw broken[0];
			});
		},
	);
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

interface OnePull {
	readonly number: number;
	readonly nameFiles: EvidenceNamer;
	readonly anchor: Uint8Array | undefined;
	readonly overwrite?: boolean;
}

/** What is wrong with a recording that the camera has delivered broken; the others are fetched all the same. */
async function pullOne(
	client: SmpClient,
	context: Context,
	{ number, nameFiles, anchor, overwrite = false }: OnePull,
): Promise<VerificationError | undefined> {
	const { signal } = context;
	const { base } = nameFiles(await readRecordingInfo(client, number, { signal }));
	const show = context.json
		? (event: PullEvidenceEvent) => context.terminal.out(toJson(event))
		: pullView(context, number);
	try {
		for await (const event of pullEvidence(client, { number, base, anchor, overwrite, signal })) {
			show(event);
			if (event.type !== "done") continue;
			writeFileSync(`${event.files.base}.json`, `${toJson(event.metadata)}\n`);
			if (event.report.verdict !== "broken") return undefined;
			const first = event.report.findings.find(({ severity }) => severity === "failure");
			return new VerificationError(`recording ${number} is broken: ${first?.message}`, {
				hint: `It is in ${event.files.age}. Take the card out and compare it with \`bodycam card extract\`.`,
			});
		}
		return undefined;
	} finally {
		context.terminal.status("");
	}
}

/** Shows a pull as it goes: the estimate first, then a bar or lines, then what came of it. */
function pullView({ terminal }: Context, number: number): (event: PullEvidenceEvent) => void {
	let progress = createProgress(terminal, `recording ${number}`);
	return (event) => {
		switch (event.type) {
			case "estimate":
				progress.close();
				progress = createProgress(terminal, label(number, event.part));
				if (event.resumedAt < event.total) terminal.note(estimateText(number, event));
				break;
			case "progress":
				// A record is short: its few lines would tell nobody anything.
				if (event.part === "age" || terminal.interactive)
					progress.update({ done: event.bytes, total: event.total, rate: event.rate });
				break;
			case "verifying":
				terminal.status("checking …");
				break;
			case "done": {
				progress.close();
				terminal.out(doneText(number, event));
				const { findings, verdict } = event.report;
				for (const line of describeFindings(findings, terminal)) terminal.out(`  ${line}`);
				terminal.out(`  ${paintVerdict(verdict, terminal)}`);
				break;
			}
		}
	};
}

function label(number: number, part: "custody" | "age"): string {
	return part === "age" ? `recording ${number}` : `custody record ${number}`;
}

function estimateText(number: number, event: Extract<PullEvidenceEvent, { type: "estimate" }>): string {
	const resumed = event.resumedAt > 0 ? `, ${formatBytes(event.resumedAt)} are here already` : "";
	const time =
		event.seconds > 0 ? `, about ${formatDuration(event.seconds * 1000)} at ${formatRate(event.rate)}` : "";
	return `${label(number, event.part)}: ${formatBytes(event.total)}${resumed}${time}`;
}

function doneText(number: number, event: Extract<PullEvidenceEvent, { type: "done" }>): string {
	const { files, total, elapsedMs, transferred, recordOnly } = event;
	if (transferred === 0) return `recording ${number} is here already: ${files.age}`;
	if (recordOnly)
		return `recording ${number} is here already: ${files.age}; its custody record has been fetched (${formatBytes(transferred)})`;
	const rate = elapsedMs > 0 ? `, ${formatRate((transferred * 1000) / elapsedMs)}` : "";
	return `recording ${number}: ${files.age} and its custody record (${formatBytes(total)}${rate}, SHA-256 verified)`;
}
