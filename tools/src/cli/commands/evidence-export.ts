import { userInfo } from "node:os";
import type { Command } from "commander";
import { UsageError, VerificationError } from "../../errors.ts";
import { type EvidencePair, evidencePairs } from "../../evidence/evidence-pair.ts";
import type { CredentialWriter } from "../../export/credentials.ts";
import type { ExportEvent } from "../../operations/evidence/export.ts";
import { type AnchorOptions, addAnchorOptions, anchorOf } from "../anchor-options.ts";
import { addCommand, type Context, handle, type Runtime, toJson } from "../command.ts";
import { formatBytes, formatDuration } from "../format.ts";
import { addIdentityOptions, type IdentityOptions, identitiesOf } from "../identity-options.ts";
import { parsePart } from "../parse-place.ts";
import { passphraseSource } from "../passphrase.ts";
import { createProgress } from "../progress.ts";
import { formatFacts } from "../table.ts";
import { toolsVersion } from "../version.ts";

interface ExportFlags extends AnchorOptions, IdentityOptions {
	readonly to: string;
	readonly clip?: readonly string[];
	readonly by?: string;
	readonly purpose?: string;
	readonly c2pa?: boolean;
	readonly c2paChain?: string;
	readonly c2paKey?: string;
}

const STEPS = {
	checking: "copying and verifying",
	converting: "making the video",
	signing: "signing the video",
} as const;

/** `bodycam evidence export`: makes what a prosecutor, a court or a counsel gets. */
export function addEvidenceExportCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "export <file>",
		summary: "make a copy of a recording for a court, with a report",
		description:
			"Exports one recording into a directory or a ZIP archive: the video as a progressive MP4 that any player plays and jumps in, the encrypted original, its custody record and certificates, a report for any browser (the video with a link for every minute and everything that happened, what the camera did when, and how to check all of it with public tools), a log of the export and the digests of all files. The recording is verified while it is copied: a broken one is not exported; one that was cut off is, with its verdict in the report; one whose end is missing too, with exit code 6. With --clip the video is a part of the recording only; it begins at the keyframe at or before its begin, and names its original. Nothing is encoded anew. The export takes its name only when it is whole: when the disk is full or the command is stopped, nothing is left.",
		examples: [
			[
				"bodycam evidence export 0badcafe-0003.mp4.age --to case-17 -i work.age-identity --agency ./agency",
				"A directory with everything",
			],
			[
				"bodycam evidence export 3.mp4.age --to clip.zip -i work.age-identity --root root.pub --clip 1:30 2:15",
				"45 s of it, in one file",
			],
			[
				"bodycam evidence export 3.mp4.age --to case -i k --agency a --c2pa --c2pa-chain office.pem --c2pa-key office.key",
				"With Content Credentials of the exporting office",
			],
		],
	})
		.requiredOption("--to <path>", "a directory that is not there or empty, or a file ending in .zip")
		.option("--clip <places...>", "only a part: where it begins and where it ends, as 90, 1:30 or 0:01:30")
		.option("--by <who>", "who exports, for the report and the log (default: the name of the account)")
		.option("--purpose <text>", "what for, e.g. a file reference, for the report and the log")
		.option(
			"--c2pa",
			"add Content Credentials (C2PA) to the video, with a certificate of the exporting office",
		)
		.option("--c2pa-chain <file>", "its certificates in PEM, that of the key first")
		.option("--c2pa-key <file>", "its private key in PEM");
	handle<ExportFlags>(
		addAnchorOptions(addIdentityOptions(command)),
		runtime,
		async (context, flags, [path = ""]) => {
			const anchor = anchorOf(flags);
			if (anchor === undefined)
				throw new UsageError("it is not said whose camera the recording has to be from", {
					hint: "Give the agency with --agency DIRECTORY, or its root public key with --root KEY.",
				});
			const files = onePair(path);
			const clip = flags.clip === undefined ? undefined : parsePart(flags.clip);
			const credentials = await credentialsOf(flags);
			const identities = await identitiesOf(flags);
			// What reads and writes MP4 and ZIP is loaded by whoever needs it only.
			const { exportRecording } = await import("../../operations/evidence/export.ts");
			const progress = createProgress(context.terminal, STEPS.checking);
			try {
				for await (const event of exportRecording({
					files,
					to: flags.to,
					identities,
					anchor,
					clip,
					credentials,
					party: { by: flags.by ?? userInfo().username, purpose: flags.purpose },
					tools: { name: "bodycam", version: toolsVersion() },
					now: Date.now,
					signal: context.signal,
				}))
					show(context, event, progress);
			} finally {
				progress.close();
				for (const identity of identities) identity.fill(0);
			}
		},
	);
}

function onePair(path: string): EvidencePair {
	const [files, ...more] = evidencePairs([path]);
	if (files !== undefined && more.length === 0) return files;
	throw new UsageError(`${path} holds ${more.length + 1} recordings`, {
		hint: "An export is of one recording: give one of its two files.",
	});
}

async function credentialsOf(flags: ExportFlags): Promise<CredentialWriter | undefined> {
	const { c2pa, c2paChain: chain, c2paKey: key } = flags;
	if (c2pa !== true) {
		if (chain === undefined && key === undefined) return undefined;
		throw new UsageError("a certificate for Content Credentials is given, and none are asked for", {
			hint: "Add --c2pa.",
		});
	}
	if (chain === undefined || key === undefined)
		throw new UsageError("Content Credentials need a certificate and its key", {
			hint: "Give them with --c2pa-chain and --c2pa-key; a certification authority issues them.",
		});
	const { openCredentialSigner } = await import("../../export/credential-signer.ts");
	const { openCredentialWriter } = await import("../../export/credentials.ts");
	const signer = await openCredentialSigner({ chain, key }, passphraseSource(undefined), Date.now());
	return openCredentialWriter(signer);
}

function show(context: Context, event: ExportEvent, progress: ReturnType<typeof createProgress>): void {
	const { terminal } = context;
	if (event.type === "progress") {
		if (context.json) return;
		if (event.step === "checking") progress.update({ done: event.bytes, total: event.total, rate: 0 });
		else terminal.status(`${STEPS[event.step]} … ${Math.floor((event.bytes / event.total) * 100)} %`);
		return;
	}
	progress.close();
	if (context.json) terminal.out(toJson(event));
	else terminal.out(summary(event));
	if (event.verdict === "incomplete")
		throw new VerificationError("the recording is incomplete: its custody record has no end", {
			hint: "The export says so too. Start the camera once, so that it signs what it has recorded, then pull the recording again.",
		});
}

function summary({ to, verdict, original, video, files }: Extract<ExportEvent, { type: "done" }>): string {
	const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
	return formatFacts([
		["export", `${to}, ${files.length} files, ${formatBytes(bytes)}`],
		["recording", `${original.recording} of camera ${original.device}, ${verdict}`],
		[
			"video",
			`${video.name}, ${formatDuration(video.toMs - video.fromMs)}${original.partMs === undefined ? "" : ` from ${formatDuration(video.fromMs)} on`}`,
		],
		["report", "report.html opens in any browser"],
	]);
}
