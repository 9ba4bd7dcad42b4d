import type { Command } from "commander";
import { followEvents } from "../../operations/events.ts";
import { addCommand, type Context, handle, numberOption, printResult, type Runtime } from "../command.ts";
import { describeEvent } from "../describe-event.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";

interface EventsOptions extends DeviceOptions {
	readonly follow?: boolean;
	readonly after?: number;
}

/** `bodycam events`: what happened in a camera. */
export function addEventsCommand(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "events",
		summary: "show what happened in a camera",
		description:
			"Shows the events a camera keeps, the oldest first: power, arming, buttons, triggers, announcements, recordings, faults. Times are hours, minutes and seconds since power-on. With --json one event a line.",
		examples: [
			["bodycam events -d sim:cam1 --follow", "Go on with what happens from now on, until Ctrl-C"],
			["bodycam events -d sim:cam1 --json | jq -c 'select(.type == \"trigger\")'", "Only the triggers"],
		],
	})
		.option("-f, --follow", "go on with events to come, until Ctrl-C")
		.option(
			"--after <sequence>",
			"only events after this sequence number",
			numberOption({ min: 0, max: 2 ** 53 }),
		);
	handle<EventsOptions>(addDeviceOptions(command), runtime, (context, options) =>
		withDevice(context, options, async (client) => {
			const { follow = false, after = 0 } = options;
			for await (const item of followEvents(client, { follow, after, signal: context.signal })) {
				if (item.type === "event") printResult(context, item.event, () => describeEvent(item.event));
				else printGap(context, item, "events");
			}
		}),
	);
}

/** Says that a stream has a gap: what the camera no longer keeps, or a restart. */
export function printGap(
	context: Context,
	gap: { readonly type: "lost"; readonly count: number } | { readonly type: "restarted" },
	what: string,
): void {
	printResult(context, gap, () =>
		gap.type === "lost"
			? context.terminal.paint("yellow", `… ${gap.count} older ${what} are no longer kept`)
			: context.terminal.paint("yellow", "… the camera restarted"),
	);
}
