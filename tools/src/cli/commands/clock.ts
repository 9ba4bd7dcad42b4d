import type { Command } from "commander";
import { type ClockSetting, setClock } from "../../operations/clock.ts";
import { addCommand, addGroup, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { formatDuration, formatMoment } from "../format.ts";
import { parseTime } from "../parse-time.ts";

/** `bodycam clock set`: gives a camera the time. */
export function addClockCommands(program: Command, runtime: Runtime): void {
	const group = addGroup(program, "clock", "set a camera's clock");
	const command = addCommand(group, {
		usage: "set [time]",
		summary: "set the clock, to this computer's time unless another is given",
		description:
			"Sets the clock of a camera and allows for the delay of the line. Recordings that exist already keep the times they were given. TIME is in ISO 8601 with its zone, like 2026-03-01T14:05:09Z.",
		examples: [["bodycam clock set -d sim:cam1", "Take over the time of this computer"]],
	});
	handle<DeviceOptions>(addDeviceOptions(command), runtime, (context, options, [time]) => {
		const wallMs = time === undefined ? undefined : parseTime(time);
		return withDevice(context, options, async (client) => {
			const setting = await setClock(client, {
				signal: context.signal,
				...(wallMs === undefined ? {} : { wallMs }),
			});
			printResult(context, setting, () => {
				const now = `${formatMoment(setting.wallMs)} ± ${formatDuration(setting.roundTripMs / 2)}`;
				return `clock set to ${now}; ${describeBefore(setting)}`;
			});
		});
	});
}

function describeBefore({ before, previousMs }: ClockSetting): string {
	if (before === "set") return `before, it said ${formatMoment(previousMs)}`;
	return before === "unset" ? "it had not been set before" : "what it said before could not be read";
}
