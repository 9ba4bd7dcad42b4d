import { lstatSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { Command } from "commander";
import { UsageError, VerificationError } from "../../errors.ts";
import { type EvidencePair, evidencePairs } from "../../evidence/evidence-pair.ts";
import { PlaintextFile } from "../../evidence/plaintext-file.ts";
import { type Decrypted, decryptEvidence, type PlaintextSink } from "../../operations/evidence/decrypt.ts";
import { outputDirectory } from "../../operations/output-directory.ts";
import { type AnchorOptions, addAnchorOptions, anchorOf } from "../anchor-options.ts";
import { addCommand, type Context, handle, printResult, type Runtime } from "../command.ts";
import { describeCustody } from "../describe-evidence.ts";
import { formatBytes } from "../format.ts";
import { addIdentityOptions, type IdentityOptions, identitiesOf } from "../identity-options.ts";
import { createProgress } from "../progress.ts";
import { standardOutputSink } from "../standard-output.ts";

interface DecryptFlags extends AnchorOptions, IdentityOptions {
	readonly out: string;
	readonly overwrite?: boolean;
	/** False with --no-record. */
	readonly record: boolean;
}

/** `bodycam evidence decrypt`: recordings as files that any player plays. */
export function addEvidenceDecryptCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "decrypt <files...>",
		summary: "decrypt recordings, and verify them on the way",
		description:
			"Decrypts recordings into MP4 files that any player plays, for their owner alone, and verifies each against its custody record in the same pass. A file gets its name only when it is whole. What was cut off by a power cut gives what the camera vouches for and passes, with the verdict interrupted. What is broken or incomplete gives exit code 6; of a broken one, what could be decrypted goes to NAME.unverified.mp4. The public command `age -d -i IDENTITY NAME.mp4.age` decrypts too, but does not verify.",
		examples: [
			[
				"bodycam evidence decrypt 0badcafe-0003.mp4.age -i work.age-identity --agency ./agency --out case-17",
				"A recording, into a directory",
			],
			["bodycam evidence decrypt 3.mp4.age -i work.age-identity -o - | ffprobe -", "To another program"],
		],
	})
		.option(
			"-o, --out <path>",
			"a directory, or for one recording a file ending in .mp4 or - for standard output",
			".",
		)
		.option("--overwrite", "replace a file of the same name")
		.option("--no-record", "decrypt without a custody record: nothing shows then who made it");
	handle<DecryptFlags>(
		addAnchorOptions(addIdentityOptions(command)),
		runtime,
		async (context, flags, paths) => {
			const pairs = evidencePairs(paths);
			if (flags.out === "-" && context.json)
				throw new UsageError("standard output takes either the recording or JSON");
			const target = targetFor(flags.out, pairs.length === 1);
			const anchor = anchorOf(flags);
			const identities = await identitiesOf(flags);
			const failures: VerificationError[] = [];
			try {
				for (const files of pairs) {
					const one = { files, target: target(files), identities, anchor };
					const failure = await decryptOne(context, flags, one);
					if (failure !== undefined) failures.push(failure);
				}
			} finally {
				for (const identity of identities) identity.fill(0);
			}
			const [first] = failures;
			if (first !== undefined) throw first;
		},
	);
}

interface OneRecording {
	readonly files: EvidencePair;
	/** Where it goes; undefined for standard output. */
	readonly target: string | undefined;
	readonly identities: readonly Uint8Array[];
	readonly anchor: Uint8Array | undefined;
}

async function decryptOne(
	context: Context,
	{ overwrite = false, record }: DecryptFlags,
	{ files, target, identities, anchor }: OneRecording,
): Promise<VerificationError | undefined> {
	const output = target === undefined ? undefined : await beginFile(target, overwrite);
	const sink: PlaintextSink = output ?? standardOutputSink();
	const progress = createProgress(context.terminal, basename(files.age));
	const options = { identities, anchor, sink, withoutRecord: !record, signal: context.signal };
	let finished = false;
	try {
		for await (const event of decryptEvidence(files, options)) {
			if (event.type === "progress") {
				progress.update({ done: event.bytes, total: event.total, rate: event.rate });
				continue;
			}
			progress.close();
			const file = target === undefined || !event.broken ? target : unverifiedName(target);
			if (file !== undefined) await output?.finish(file, event.bytes);
			finished = true;
			tell(context, files, file, event);
			return reasonToFail(files, file, event);
		}
		return undefined;
	} finally {
		progress.close();
		if (!finished) await output?.discard();
	}
}

function tell(context: Context, files: EvidencePair, file: string | undefined, result: Decrypted): void {
	const { report, ending, bytes } = result;
	const about = (): string =>
		[
			file === undefined ? files.base : `${file} (${formatBytes(bytes)})`,
			...(report === undefined
				? [
						`  not verified: it has no custody record; the age file is ${ending === "cut" ? "cut off" : "whole"}`,
					]
				: describeCustody(report, context.terminal).map((line) => `  ${line}`)),
		].join("\n");
	if (file === undefined) context.terminal.note(about());
	else printResult(context, { files, file, bytes, ending, report }, about);
}

function reasonToFail(
	{ base }: EvidencePair,
	file: string | undefined,
	{ report, broken }: Decrypted,
): VerificationError | undefined {
	if (broken) {
		const first = report?.findings.find(({ severity }) => severity === "failure");
		return new VerificationError(
			`${base} is broken: ${first?.message ?? "the age file was cut off or changed, and nothing says why"}`,
			file === undefined ? {} : { hint: `What could be decrypted is in ${file}.` },
		);
	}
	if (report?.verdict !== "incomplete") return undefined;
	return new VerificationError(`${base} is incomplete: its custody record has no end`, {
		hint: "Start the camera once, so that it signs what it has recorded, then pull the recording again.",
	});
}

/**
 * Where each recording goes; undefined is standard output.
 * @throws {UsageError} when several would go to one place
 */
function targetFor(out: string, single: boolean): (files: EvidencePair) => string | undefined {
	const isDirectory = statSync(out, { throwIfNoEntry: false })?.isDirectory() === true;
	const isOne = out === "-" || (!isDirectory && extname(out).toLowerCase() === ".mp4");
	if (isOne && !single)
		throw new UsageError(`${out} cannot take several recordings`, {
			hint: "Give one recording, or a directory for --out.",
		});
	if (out === "-") return () => undefined;
	outputDirectory(isOne ? dirname(out) : out);
	return isOne ? () => out : ({ base }) => join(out, `${basename(base)}.mp4`);
}

/** @throws {UsageError} when something is there already */
function beginFile(target: string, overwrite: boolean): Promise<PlaintextFile> {
	const found = lstatSync(target, { throwIfNoEntry: false });
	if (found !== undefined && !(overwrite && found.isFile()))
		throw new UsageError(`${target} is there already`, {
			hint: "Name another place with --out, move it away, or give --overwrite to replace it.",
		});
	return PlaintextFile.create(target);
}

/** Where what is broken goes, so that nobody takes it for evidence. */
function unverifiedName(target: string): string {
	const ending = extname(target);
	return `${target.slice(0, target.length - ending.length)}.unverified${ending}`;
}
