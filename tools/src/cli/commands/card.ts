import { writeFileSync } from "node:fs";
import type { NumberRange } from "@bodycam/protocol/card/reader";
import type { Command } from "commander";
import { type BodycamError, UsageError, VerificationError } from "../../errors.ts";
import { CardImage, type ExtractEvent } from "../../operations/card.ts";
import { entryFacts } from "../../operations/card-entry.ts";
import { addCommand, addGroup, type Context, handle, printResult, type Runtime, toJson } from "../command.ts";
import { describeFailure, reportFailure } from "../failure.ts";
import { formatBytes, formatDuration, formatMoment } from "../format.ts";
import { createProgress } from "../progress.ts";
import { type EvidenceNamer, evidenceNamer } from "../recording-files.ts";
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
			"Lists the recordings on a card that was taken out of a camera, or on an image of one. A recording that was cut off and that no camera has closed since is unfinished; what is whole of it can be extracted. One that was erased on the receipt of an archive is listed with what is still known of it. Numbers of which a damaged index tells nothing are missing. Nothing is written to the card.",
		examples: [
			["bodycam card ls cam1/card.img", "The card of a simulator with --state cam1"],
			["bodycam card ls /dev/sdb", "A card in a reader"],
		],
	});
	handle(command, runtime, async (context, _options, [image = ""]) => {
		const card = await CardImage.open(image);
		try {
			const { entries } = card;
			const missing = card.missing.map(({ first, last }) => ({ state: "missing", first, last }));
			printResult(context, [...missing, ...entries.map(entryFacts)], () => describeEntries(card));
			for (const range of card.missing) context.terminal.note(missingText(range));
		} finally {
			await card.close();
		}
	});
}

function rangeText({ first, last }: NumberRange): string {
	return first === last ? String(first) : `${first}–${last}`;
}

function missingText(range: NumberRange): string {
	const which = range.first === range.last ? "recording" : "recordings";
	const be = range.first === range.last ? "is" : "are";
	return `${which} ${rangeText(range)} ${be} missing: the card's index is damaged where it told of them`;
}

function describeEntries({ entries, missing }: Pick<CardImage, "entries" | "missing">): string {
	if (entries.length + missing.length === 0) return "no recordings";
	return formatTable(
		["number", "state", "length", "size", "started", "camera"],
		[
			...missing.map((range) => [rangeText(range), "missing", "?", "?", "?", "?"]),
			...entries.map(({ metadata, recording }) => [
				String(recording.number),
				recording.state,
				metadata === undefined || recording.state === "unfinished"
					? "?"
					: formatDuration(metadata.video.lastMs - metadata.video.firstMs),
				formatBytes(recording.bytes),
				formatMoment(metadata?.startedAt),
				metadata?.device ?? "?",
			]),
		],
	);
}

interface ExtractCommandOptions {
	readonly out: string;
	readonly overwrite?: boolean;
}

function addExtract(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "extract <image> [numbers...]",
		summary: "copy recordings from a card",
		description:
			"Copies recordings, by their numbers or all, from a card or its image and checks each against the SHA-256 on the card. A recording is two files, the encrypted NAME.mp4.age and its custody record NAME.custody.cbor; beside them lies what the camera knew about it, as NAME.json. A recording that is damaged does not stop the others: what is whole before the damage goes to NAME.damaged.mp4.age and NAME.damaged.custody.cbor, and the exit code is 6. What is there already is not copied again. Erased recordings are left out. Nothing is written to the card. `bodycam evidence verify` and `decrypt` take it from there.",
		examples: [["bodycam card extract cam1/card.img 3 --out third.mp4.age", "One recording, into two files"]],
	})
		.option("-o, --out <path>", "a directory, or for one recording a file ending in .mp4.age", ".")
		.option("--overwrite", "replace a file of the same name that is something else");
	handle<ExtractCommandOptions>(command, runtime, async (context, options, [image = "", ...texts]) => {
		const numbers = texts.map(parseRecordingNumber);
		const card = await CardImage.open(image);
		try {
			const nameFiles = evidenceNamer(options.out, numbers.length === 1);
			const extract = (number: number): Promise<void> =>
				extractOne(context, card, number, nameFiles, options.overwrite === true);
			if (numbers.length === 1) await extract(numbers[0] as number);
			else await extractSeveral(context, card, numbers, extract);
		} finally {
			await card.close();
		}
	});
}

/** Extracts what can be extracted and tells of each failure; all of the card without `numbers`. */
async function extractSeveral(
	context: Context,
	card: CardImage,
	numbers: readonly number[],
	extract: (number: number) => Promise<void>,
): Promise<void> {
	const kept = card.entries.filter(({ recording }) => recording.state !== "erased");
	const chosen = numbers.length > 0 ? numbers : kept.map(({ recording }) => recording.number);
	const failures: BodycamError[] = [];
	const fail = (error: BodycamError): void => {
		failures.push(error);
		reportFailure(describeFailure(error), context.terminal, context.json);
	};
	if (numbers.length === 0) for (const range of card.missing) fail(new VerificationError(missingText(range)));
	if (chosen.length === 0 && failures.length === 0) context.terminal.note("there is nothing to extract");
	for (const number of chosen) {
		try {
			await extract(number);
		} catch (error) {
			if (!(error instanceof VerificationError || error instanceof UsageError)) throw error;
			fail(error);
		}
	}
	if (failures.length === 0) return;
	const message = "not everything could be extracted";
	const detail = { hint: "The messages before this one say what, and why." };
	if (failures.some((failure) => failure instanceof VerificationError))
		throw new VerificationError(message, detail);
	throw new UsageError(message, detail);
}

async function extractOne(
	context: Context,
	card: CardImage,
	number: number,
	nameFiles: EvidenceNamer,
	overwrite: boolean,
): Promise<void> {
	const entry = card.entries.find(({ recording }) => recording.number === number);
	const device = entry?.metadata?.device ?? "camera";
	const files = nameFiles({ device, number });
	const progress = createProgress(context.terminal, `recording ${number}`);
	const show = (event: ExtractEvent): void => {
		if (context.json) context.terminal.out(toJson(jsonEvent(event, number)));
		else if (event.type === "progress")
			progress.update({ done: event.bytes, total: event.total, rate: event.rate });
		else if (event.type === "done") {
			progress.close();
			const proof = event.verified ? "SHA-256 verified" : "unfinished: there is no hash to verify it with";
			const { age, record } = event.files;
			context.terminal.out(
				`recording ${number}: ${age} (${formatBytes(event.total)}, ${proof}), ${record} (${formatBytes(event.recordBytes)})`,
			);
		}
	};
	try {
		for await (const event of card.extract(number, files, { overwrite, signal: context.signal })) {
			show(event);
			if (event.type !== "progress" && entry?.metadata !== undefined)
				writeFileSync(`${event.files.base}.json`, `${toJson(entryFacts(entry))}\n`);
		}
	} finally {
		progress.close();
	}
}

/** An event for machines: where the two files are, by their names. */
function jsonEvent(event: ExtractEvent, number: number): object {
	if (event.type === "progress") return { ...event, number };
	const { files, ...rest } = event;
	return { ...rest, number, file: files.age, record: files.record };
}
