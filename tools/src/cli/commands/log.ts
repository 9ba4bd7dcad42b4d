import { LOG_LEVELS, type LogLevel, type LogLine } from "@bodycam/protocol/camera/log";
import { type Command, Option } from "commander";
import { readLog } from "../../operations/log.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { formatClock } from "../format.ts";
import { printGap } from "./events.ts";

interface LogOptions extends DeviceOptions {
	readonly follow?: boolean;
	readonly level?: LogLevel;
}

/** `bodycam log`: what the firmware notes for those who look after it. */
export function addLogCommand(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "log",
		summary: "show a camera's log",
		description:
			"Shows the log lines a camera keeps, the oldest first. Times are hours, minutes and seconds since power-on. With --json one line of the log a line.",
		examples: [["bodycam log -d sim:cam1 --level warning", "Only warnings and errors"]],
	})
		.option("-f, --follow", "go on with lines to come, until Ctrl-C")
		.addOption(new Option("--level <level>", "the least important level to show").choices([...LOG_LEVELS]));
	handle<LogOptions>(addDeviceOptions(command), runtime, (context, options) =>
		withDevice(context, options, async (client) => {
			const { follow = false, level } = options;
			const lines = readLog(client, {
				follow,
				signal: context.signal,
				...(level === undefined ? {} : { level }),
			});
			for await (const item of lines) {
				if (item.type === "line") printResult(context, item.line, () => describeLine(item.line));
				else printGap(context, item, "lines");
			}
		}),
	);
}

function describeLine({ level, monotonicMs, text }: LogLine): string {
	return `${formatClock(monotonicMs)}  ${level.padEnd(7)}  ${text}`;
}
