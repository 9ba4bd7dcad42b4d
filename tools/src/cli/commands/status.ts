import type { Command } from "commander";
import { readStatus } from "../../client/camera.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { describeStatus } from "../describe-status.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";

/** `bodycam status`: what a camera is doing and what is wrong with it. */
export function addStatusCommand(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "status",
		summary: "show what a camera is doing",
		description:
			"Shows the state of a camera: what it records, how many seconds before a trigger it holds, card, battery, clock and faults.",
		examples: [["bodycam status -d serial:/dev/ttyACM0", "A camera on a serial port"]],
	});
	handle<DeviceOptions>(addDeviceOptions(command), runtime, (context, options) =>
		withDevice(context, options, async (client) => {
			const status = await readStatus(client, { signal: context.signal });
			printResult(context, status, () => describeStatus(status));
		}),
	);
}
