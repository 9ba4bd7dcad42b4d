import { LOG_LEVELS, type LogLevel } from "@bodycam/protocol/camera/log";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import { type Command, Option } from "commander";
import type { SmpClient } from "../../client/smp-client.ts";
import { RefusedError } from "../../errors.ts";
import { readLog } from "../../operations/log.ts";
import { readLogOverBoots } from "../../operations/log-history.ts";
import { addCommand, type Context, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { formatClock } from "../format.ts";
import { printGap } from "./events.ts";

interface LogOptions extends DeviceOptions {
	readonly follow?: boolean;
	readonly level?: LogLevel;
	readonly sinceBoot?: boolean;
}

/** `bodycam log`: what the firmware notes for those who look after it. */
export function addLogCommand(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "log",
		summary: "show a camera's log",
		description:
			"Shows the log lines a camera keeps, the oldest first, also those from before its last restarts: they are in its flash. Times are hours, minutes and seconds since power-on. With --json one line of the log a line.",
		examples: [
			["bodycam log -d sim:cam1 --level warning", "Only warnings and errors"],
			["bodycam log -d sim:cam1 --since-boot --follow", "What happens from this start of the camera on"],
		],
	})
		.option("-f, --follow", "go on with lines to come, until Ctrl-C")
		.option("--since-boot", "only lines since the camera was last started")
		.addOption(new Option("--level <level>", "the least important level to show").choices([...LOG_LEVELS]));
	handle<LogOptions>(addDeviceOptions(command), runtime, (context, options) =>
		withDevice(context, options, async (client) => {
			if (options.sinceBoot === true || !(await printOverBoots(context, client, options)))
				await printSinceBoot(context, client, options);
		}),
	);
}

/** @returns false when the camera's firmware keeps no log over boots */
async function printOverBoots(context: Context, client: SmpClient, options: LogOptions): Promise<boolean> {
	const { follow = false, level } = options;
	try {
		for await (const item of readLogOverBoots(client, { follow, signal: context.signal, level })) {
			if (item.type === "line") printResult(context, item.line, () => describeLine(item.line));
			else printGap(context, item, "lines");
		}
		return true;
	} catch (error) {
		if (error instanceof RefusedError && error.returnCode === ReturnCode.notSupported) return false;
		throw error;
	}
}

async function printSinceBoot(context: Context, client: SmpClient, options: LogOptions): Promise<void> {
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
}

function describeLine(line: { level: LogLevel; monotonicMs: number; text: string }): string {
	return `${formatClock(line.monotonicMs)}  ${line.level.padEnd(7)}  ${line.text}`;
}
