import type { LogReport } from "@bodycam/protocol/event-log/verifier";
import type { Command } from "commander";
import { VerificationError } from "../../errors.ts";
import { verifyEventLog } from "../../operations/event-log/verify.ts";
import { addCommand, type Context, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions } from "../device.ts";
import { collectHash } from "../event-options.ts";
import { formatCount } from "../format.ts";
import { withLog } from "../log-source.ts";
import { readRootKey } from "../root-key.ts";

interface VerifyOptions extends DeviceOptions {
	readonly anchor?: string;
	readonly head?: readonly Uint8Array[];
}

/** `bodycam events verify`: whether an event log is what a camera has written. */
export function addEventsVerifyCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "verify",
		summary: "verify the event log of a camera, a card, an image or a file",
		description:
			"Verifies an event log: that every entry is chained to the one before by its hash, that none is missing, changed, moved or there twice, that gaps are those the camera itself tells of, that the signatures hold, and that the recordings on the card are those in the log. Says what was found and exits with 6 when the log is not what a camera has written. Without --anchor anybody's key will do for the signatures; without --head a log whose end was cut off between two signatures cannot be told from an older one.",
		examples: [
			["bodycam events verify -d sim:cam1", "The log on the card of a camera"],
			[
				"bodycam events verify -d card.img --anchor root.pub",
				"The image of a card, against an agency's root key",
			],
			[
				"bodycam events verify -d log.events --head 9f3c…",
				"An exported log, which must hold a hash noted earlier",
			],
		],
	})
		.option("--anchor <key>", "the agency's root public key: 64 hexadecimal digits, or a file with it")
		.option(
			"--head <hash>",
			"a hash seen earlier that has to be in the log; may be given several times",
			collectHash,
		);
	handle<VerifyOptions>(addDeviceOptions(command), runtime, async (context, options) => {
		const { head: heads = [] } = options;
		const anchor = options.anchor === undefined ? undefined : readRootKey(options.anchor);
		const report = await withLog(context, options, ({ source, ...log }) =>
			verifyEventLog(source, { ...log, anchor, heads, signal: context.signal }),
		);
		printResult(context, report, () => describeReport(context, report));
		if (report.verdict === "broken") {
			const failures = report.findings.filter(({ severity }) => severity === "failure");
			throw new VerificationError(`the event log is not what a camera has written: ${failures[0]?.message}`, {
				hint: "Keep the card as it is. The entries before the first failure are still chained to each other.",
			});
		}
	});
}

function describeReport({ terminal }: Context, report: LogReport): string {
	const { card, entries, boots, head, verdict, findings, more, checkpoints, signers } = report;
	const lines = [
		card === undefined
			? "the log is empty"
			: `card ${hex(card)}: ${formatCount(entries)} entries of ${formatCount(boots)} boots`,
	];
	if (head !== undefined) lines.push(`head ${hex(head)}`);
	for (const { serial, agency, key, anchored } of signers)
		lines.push(
			`signed by camera ${serial} of ${agency}, key ${hex(key)}${anchored ? "" : " (whose it is was not checked)"}`,
		);
	if (checkpoints.found > 0)
		lines.push(
			`signatures: ${checkpoints.verified} of ${checkpoints.found} hold; they vouch for the entries up to ${formatCount(checkpoints.entries)}`,
		);
	for (const { severity, message, entry } of findings) {
		const where = entry === undefined ? "" : ` (entry ${entry})`;
		lines.push(terminal.paint(severity === "failure" ? "red" : "yellow", `${severity}: ${message}${where}`));
	}
	if (more > 0) lines.push(`and ${formatCount(more)} more findings`);
	lines.push(verdict === "intact" ? terminal.paint("green", "intact") : terminal.paint("red", "broken"));
	return lines.join("\n");
}

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}
