import type { Command } from "commander";
import { openAgency, openSigner } from "../../agency/agency-directory.ts";
import { UsageError, VerificationError } from "../../errors.ts";
import { evidencePairs } from "../../evidence/evidence-pair.ts";
import { makeReceipts, type ReceiptEvent } from "../../operations/evidence/receipts.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { describeCustody } from "../describe-evidence.ts";
import { formatBytes, formatCounted } from "../format.ts";
import { passphraseSource } from "../passphrase.ts";
import { createProgress, type ProgressView } from "../progress.ts";

interface ReceiptFlags {
	readonly agency?: string;
	readonly passphraseFile?: string;
}

type Refused = Extract<ReceiptEvent, { readonly type: "refused" }>;

/** `bodycam evidence receipt`: the archive signs that it has recordings. */
export function addEvidenceReceiptCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "receipt <files...>",
		summary: "sign, as the archive, that recordings are kept",
		description:
			"Signs with the archive's key for recordings that the archive has, so that cameras may erase them. Both files of each are put on the disk, read back from there whole and verified against the agency, as `bodycam evidence verify` does; only then NAME.receipt.cose is written beside them. It names the camera, the recording, its length and its final hash. A recording that is broken, or has no end, gets none, and the exit code is 6. A receipt that is there already is left as it is.",
		examples: [
			["bodycam evidence receipt archive/ --agency ./agency", "For all recordings in a directory"],
			[
				"bodycam recordings erase --receipt archive/ -d sim:cam1",
				"Then the camera erases what it has a receipt for",
			],
		],
	})
		.option("--agency <directory>", "the agency: its root key, its archives.txt, and archive.key")
		.option(
			"--passphrase-file <file>",
			"file whose first line is the passphrase of archive.key (default: asks, when it is encrypted)",
		);
	handle<ReceiptFlags>(command, runtime, async (context, flags, paths) => {
		if (flags.agency === undefined)
			throw new UsageError("no agency is named", { hint: "Name its directory with --agency." });
		const pairs = evidencePairs(paths);
		const agency = openAgency(flags.agency);
		const archive = await openSigner(agency, "archive", passphraseSource(flags.passphraseFile));
		const { anchor } = agency;
		const { signal, terminal } = context;
		const refused: Refused[] = [];
		let progress: ProgressView | undefined;
		for await (const event of makeReceipts(pairs, { anchor, archive, now: () => Date.now(), signal })) {
			if (event.type === "progress") {
				progress ??= createProgress(terminal, event.files.base);
				progress.update({ done: event.bytes, total: event.total, rate: event.rate });
				continue;
			}
			progress?.close();
			progress = undefined;
			if (event.type === "refused") refused.push(event);
			printResult(context, event, () => {
				if (event.type === "refused")
					return [event.files.base, ...describeCustody(event.report, terminal)].join("\n  ");
				const { content, made, receipt } = event;
				const { device, recording, bytes } = content;
				return `${receipt}: recording ${recording} of camera ${device}, ${formatBytes(bytes)}${made ? "" : " (was there)"}`;
			});
		}
		const [first] = refused;
		if (first === undefined) return;
		throw new VerificationError(
			`${refused.length} of ${formatCounted(pairs.length, "recording")} ${refused.length === 1 ? "has" : "have"} no receipt: ${first.files.base} is ${first.report.verdict}`,
			{ hint: "Pull it again, and keep the camera's copy until `bodycam evidence verify` passes." },
		);
	});
}
