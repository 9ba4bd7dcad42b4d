import type { Command } from "commander";
import { eraseSlot, writeImageState } from "../../client/firmware.ts";
import { readDeviceFirmware } from "../../operations/firmware/device.ts";
import { revertImage } from "../../operations/firmware/revert.ts";
import { WATCH_CONNECTION } from "../../operations/firmware/watch-reboot.ts";
import { addCommand, handle, numberOption, printResult, type Runtime } from "../command.ts";
import { describeFirmware } from "../describe-firmware.ts";
import { addDeviceOptions, connectTo, type DeviceOptions, withDevice } from "../device.ts";
import { flashView } from "../flash-view.ts";
import { RESTART_LIMIT_S } from "./firmware-flash.ts";

/** `bodycam firmware status|confirm|revert|erase`. */
export function addFirmwareSlotCommands(group: Command, runtime: Runtime): void {
	addStatus(group, runtime);
	addConfirm(group, runtime);
	addRevert(group, runtime);
	addErase(group, runtime);
}

function addStatus(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "status",
		summary: "show the images in a camera, and which one runs",
		description:
			"Shows what lies in the slots of a camera, which image runs and why, what the boot stage rejected and for what reason, and what another image has to be.",
		examples: [["bodycam firmware status -d sim:cam1", "What runs there?"]],
	});
	handle<DeviceOptions>(addDeviceOptions(command), runtime, (context, options) =>
		withDevice(context, options, async (client) => {
			const firmware = await readDeviceFirmware(client, context.signal);
			const { images, status } = firmware;
			printResult(context, { images, status }, () => describeFirmware(firmware));
		}),
	);
}

function addConfirm(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "confirm",
		summary: "keep the firmware that runs",
		description:
			"Confirms the firmware that runs for a test: it stays over the next restart, and its security counter becomes the lowest that the camera takes.",
		examples: [["bodycam firmware confirm -d sim:cam1", "After `firmware flash --test-only`"]],
	});
	handle<DeviceOptions>(addDeviceOptions(command), runtime, (context, options) =>
		withDevice(context, options, async (client) => {
			const images = await writeImageState(client, { confirm: true }, { signal: context.signal });
			const active = images.find((image) => image.active === true);
			printResult(context, { images }, () => `${active?.version ?? "the firmware"} is confirmed`);
		}),
	);
}

interface RevertFlags extends DeviceOptions {
	readonly wait: number;
}

function addRevert(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "revert",
		summary: "go back to the other firmware",
		description:
			"Goes back to the image in the other slot. A firmware that is not confirmed is left by a restart alone; from one that is confirmed the other one is run, tested and confirmed. A camera never goes back below its security counter.",
		examples: [["bodycam firmware revert -d sim:cam1", "The new one is bad"]],
	}).option(
		"--wait <seconds>",
		"longest time for the restart, and for the self-test",
		numberOption({ min: 1, max: 3600, unit: "seconds" }),
		RESTART_LIMIT_S,
	);
	handle<RevertFlags>(addDeviceOptions(command), runtime, async (context, flags) => {
		const view = flashView(context);
		const client = await connectTo(context, flags);
		try {
			const events = revertImage(client, {
				connect: () => connectTo(context, flags, WATCH_CONNECTION),
				confirmation: "after-self-test",
				limitMs: flags.wait * 1000,
				signal: context.signal,
			});
			for await (const event of events) view(event);
		} finally {
			context.terminal.status("");
			await client.close();
		}
	});
}

interface EraseFlags extends DeviceOptions {
	readonly slot?: number;
}

function addErase(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "erase",
		summary: "erase the slot that does not run",
		description:
			"Erases the image in the slot that does not run, also one that is half sent. The slot that runs, and one that is needed to go back, are refused.",
		examples: [["bodycam firmware erase -d sim:cam1", "Begin a transfer anew"]],
	}).option(
		"--slot <number>",
		"slot to erase (default: the one that does not run)",
		numberOption({ min: 0, max: 1 }),
	);
	handle<EraseFlags>(addDeviceOptions(command), runtime, (context, options) =>
		withDevice(context, options, async (client) => {
			// A whole slot takes a flash its time.
			await eraseSlot(client, options.slot, { signal: context.signal, timeoutMs: 30_000 });
			printResult(context, { erased: true }, () => "erased");
		}),
	);
}
