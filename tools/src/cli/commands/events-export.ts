import type { Command } from "commander";
import { exportEventLog } from "../../operations/event-log/export.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions } from "../device.ts";
import { formatBytes, formatCount } from "../format.ts";
import { withLog } from "../log-source.ts";

interface ExportOptions extends DeviceOptions {
	readonly out: string;
}

/** `bodycam events export`: the event log in a file. */
export function addEventsExportCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "export",
		summary: "copy the event log of a camera or card into a file",
		description:
			"Copies the event log as it is, hashes and signatures included, into a file that `bodycam events verify` and `bodycam events` read. A damaged log is copied too, damaged places included. The head that is printed is the hash behind the last entry: noted elsewhere, it shows later whether this log or one that goes on from it is still whole.",
		examples: [["bodycam events export -d sim:cam1 --out cam1.events", "The log of a camera"]],
	}).requiredOption("-o, --out <file>", "the file to write");
	handle<ExportOptions>(addDeviceOptions(command), runtime, async (context, options) => {
		const { file, bytes, report } = await withLog(context, options, ({ source }) =>
			exportEventLog(source, options.out, context.signal),
		);
		const { entries, head, verdict } = report;
		printResult(context, { file, bytes, entries, head, verdict }, () => {
			const state = verdict === "intact" ? "" : context.terminal.paint("red", "; the log is broken");
			const hash = Buffer.from(head ?? []).toString("hex");
			return `${file}: ${formatCount(entries)} entries, ${formatBytes(bytes)}${state}\nhead ${hash}`;
		});
	});
}
