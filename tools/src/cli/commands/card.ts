import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { type CardEntry, CardImage, type ExtractEvent } from "../../operations/card.ts";
import { addCommand, addGroup, type Context, handle, printResult, type Runtime, toJson } from "../command.ts";
import { formatBytes, formatDuration, formatMoment } from "../format.ts";
import { createProgress } from "../progress.ts";
import { fileNamer, metadataFile } from "../recording-files.ts";
import { parseRecordingNumber } from "../recording-number.ts";
import { formatTable } from "../table.ts";

/** `bodycam card …`: reads a card without a camera. */
export function addCardCommands(program: Command, runtime: Runtime): void {
	const group = addGroup(program, "card", "read a memory card, or its image, without a camera");
	addList(group, runtime);
	addExtract(group, runtime);
}

function addList(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "ls <image>",
		summary: "list the recordings on a card",
		description:
			"Lists the recordings on a card that was taken out of a camera, or on an image of one. A recording that was cut off and that no camera has closed since is unfinished; what is whole of it can be extracted and plays. Nothing is written to the card.",
		examples: [
			["bodycam card ls cam1/card.img", "The card of a simulator with --state cam1"],
			["bodycam card ls /dev/sdb", "A card in a reader"],
		],
	});
	handle(command, runtime, async (context, _options, [image = ""]) => {
		const card = await CardImage.open(image);
		try {
			const { entries } = card;
			const facts = entries.map(({ metadata, recording }) => ({
				...metadata,
				...recording,
				metadata: undefined,
			}));
			printResult(context, facts, () => describeEntries(entries));
		} finally {
			await card.close();
		}
	});
}

function describeEntries(entries: readonly CardEntry[]): string {
	if (entries.length === 0) return "no recordings";
	return formatTable(
		["number", "state", "length", "size", "started", "camera"],
		entries.map(({ metadata, recording }) => [
			String(recording.number),
			recording.state,
			metadata === undefined || recording.state === "unfinished"
				? "?"
				: formatDuration(metadata.video.lastMs - metadata.video.firstMs),
			formatBytes(recording.bytes),
			formatMoment(metadata?.startedAt),
			metadata?.device ?? "?",
		]),
	);
}

interface ExtractOptions {
	readonly out: string;
}

function addExtract(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "extract <image> [numbers...]",
		summary: "copy recordings from a card",
		description:
			"Copies recordings, by their numbers or all, from a card or its image and checks each against the SHA-256 on the card. Beside each NAME.mp4 lies what the camera knew about it, as NAME.json. Nothing is written to the card.",
		examples: [["bodycam card extract cam1/card.img 3 --out third.mp4", "One recording, into a file"]],
	}).option("-o, --out <path>", "a directory, or for one recording a file ending in .mp4", ".");
	handle<ExtractOptions>(command, runtime, async (context, options, [image = "", ...texts]) => {
		const numbers = texts.map(parseRecordingNumber);
		const card = await CardImage.open(image);
		try {
			const chosen = numbers.length > 0 ? numbers : card.entries.map(({ recording }) => recording.number);
			if (chosen.length === 0) context.terminal.note("there is nothing to extract");
			for (const number of chosen) await extractOne(context, card, number, options.out, numbers.length === 1);
		} finally {
			await card.close();
		}
	});
}

async function extractOne(
	context: Context,
	card: CardImage,
	number: number,
	out: string,
	single: boolean,
): Promise<void> {
	const entry = card.entries.find(({ recording }) => recording.number === number);
	const device = entry?.metadata?.device ?? "camera";
	const file = fileNamer(out, single)({ device, number });
	const progress = createProgress(context.terminal, `recording ${number}`);
	const show = (event: ExtractEvent): void => {
		if (context.json) context.terminal.out(toJson({ ...event, number }));
		else if (event.type === "progress")
			progress.update({ done: event.bytes, total: event.total, rate: event.rate });
		else {
			progress.close();
			const proof = event.verified ? "SHA-256 verified" : "unfinished: there is no hash to verify it with";
			context.terminal.out(`recording ${number}: ${event.file} (${formatBytes(event.total)}, ${proof})`);
		}
	};
	try {
		for await (const event of card.extract(number, file, context.signal)) show(event);
	} finally {
		progress.close();
	}
	if (entry?.metadata !== undefined) writeFileSync(metadataFile(file), `${toJson(entry.metadata)}\n`);
}
