import { once } from "node:events";
import { basename } from "node:path";
import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import type { Command } from "commander";
import { UsageError, VerificationError } from "../../errors.ts";
import { AgeFile } from "../../evidence/age-file.ts";
import { withFindings } from "../../evidence/evidence-check.ts";
import { type EvidencePair, evidencePairs } from "../../evidence/evidence-pair.ts";
import { compareUnlocked, unlock } from "../../evidence/unlock.ts";
import { choosePlayer, isProgram, type Player, play } from "../../operations/evidence/player.ts";
import { serveRecording } from "../../operations/evidence/serve.ts";
import { verifyEvidence } from "../../operations/evidence/verify.ts";
import { vouchedFor } from "../../operations/evidence/vouched.ts";
import { type AnchorOptions, addAnchorOptions, anchorOf } from "../anchor-options.ts";
import { addCommand, type Context, handle, printResult, type Runtime } from "../command.ts";
import { describeVerified } from "../describe-evidence.ts";
import { addIdentityOptions, type IdentityOptions, identitiesOf } from "../identity-options.ts";
import { createProgress } from "../progress.ts";

interface PlayFlags extends AnchorOptions, IdentityOptions {
	readonly player?: string;
	/** False with --no-open. */
	readonly open: boolean;
}

/** `bodycam evidence play`: shows a recording. */
export function addEvidencePlayCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "play <file>",
		summary: "verify a recording and show it, without decrypting it to the disk",
		description:
			"Verifies a recording, then has a player show it: the one named with --player or BODYCAM_PLAYER, else mpv, VLC, ffplay, or what opens web pages. The player reads it from this command over an address of this computer that nobody can guess; what it asks for is decrypted as it asks, and nothing decrypted is written to a disk. Ends with the player, or with Ctrl-C. A recording that is broken is not shown: exit code 6.",
		examples: [
			[
				"bodycam evidence play 0badcafe-0003.mp4.age -i work.age-identity --agency ./agency",
				"With what is there",
			],
			[
				"bodycam evidence play 3.mp4.age -i work.age-identity --player 'mpv --fs'",
				"With a player and its options",
			],
			[
				"bodycam evidence play 3.mp4.age -i work.age-identity --no-open",
				"Only tell the address, until Ctrl-C",
			],
		],
	})
		.option("--player <command>", "command that plays an address (default: BODYCAM_PLAYER, or what is there)")
		.option("--no-open", "start no player: tell the address, and serve it until Ctrl-C");
	handle<PlayFlags>(
		addAnchorOptions(addIdentityOptions(command)),
		runtime,
		async (context, flags, [path = ""]) => {
			const pairs = evidencePairs([path]);
			const [files] = pairs;
			if (files === undefined || pairs.length > 1)
				throw new UsageError(`${path} holds several recordings`, { hint: "Name one of them." });
			const player = flags.open
				? choosePlayer(flags.player ?? (context.env.BODYCAM_PLAYER || undefined), isProgram)
				: undefined;
			const anchor = anchorOf(flags);
			const identities = await identitiesOf(flags);
			try {
				await playOne(context, files, { player, anchor, identities });
			} finally {
				for (const identity of identities) identity.fill(0);
			}
		},
	);
}

interface Playing {
	/** Undefined to tell the address only. */
	readonly player: Player | undefined;
	readonly anchor: Uint8Array | undefined;
	readonly identities: readonly Uint8Array[];
}

async function playOne(
	context: Context,
	files: EvidencePair,
	{ player, anchor, identities }: Playing,
): Promise<void> {
	const { signal, terminal } = context;
	const age = await AgeFile.open(files.age);
	try {
		const unlocked = await unlock(age, identities);
		const alone = await verified(context, files, anchor);
		const report = withFindings(alone, compareUnlocked(alone, unlocked));
		if (!context.json) terminal.note(describeVerified({ files, report }, terminal));
		requireWhole(files, report);
		const { payload } = unlocked;
		const { bytes } = vouchedFor(payload, age, report);
		const served = await serveRecording({ payload, bytes, name: `${basename(files.base)}.mp4` });
		try {
			printResult(context, { url: served.url, report }, () => served.url);
			if (player !== undefined) await play(player, served.url, signal);
			if (player?.stays === true) return;
			terminal.note("It can be watched there until Ctrl-C.");
			if (!signal.aborted) await once(signal, "abort");
		} finally {
			await served.close();
			await payload.close();
		}
	} finally {
		await age.close();
	}
}

async function verified(
	{ terminal, signal }: Context,
	files: EvidencePair,
	anchor: Uint8Array | undefined,
): Promise<CustodyReport> {
	const progress = createProgress(terminal, `verifying ${basename(files.age)}`);
	try {
		for await (const event of verifyEvidence([files], { anchor, signal })) {
			if (event.type === "recording") return event.report;
			if (event.type === "progress")
				progress.update({ done: event.bytes, total: event.total, rate: event.rate });
		}
	} finally {
		progress.close();
	}
	throw new Error("verifying a recording has no result");
}

function requireWhole({ base }: EvidencePair, report: CustodyReport): void {
	if (report.verdict !== "broken") return;
	const first = report.findings.find(({ severity }) => severity === "failure");
	throw new VerificationError(`${base} is broken: ${first?.message}`, {
		hint: "`bodycam evidence decrypt` writes what can be decrypted to a file that says so.",
	});
}
