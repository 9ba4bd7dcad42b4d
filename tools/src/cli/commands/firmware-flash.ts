import type { Command } from "commander";
import { UsageError } from "../../errors.ts";
import { readWhole } from "../../firmware/files.ts";
import { readImageFile } from "../../firmware/sign-image.ts";
import type { Confirmation } from "../../operations/firmware/activate.ts";
import { type FlashEvent, flashImage } from "../../operations/firmware/flash.ts";
import { WATCH_CONNECTION } from "../../operations/firmware/watch-reboot.ts";
import { addCommand, handle, numberOption, type Runtime } from "../command.ts";
import { addDeviceOptions, connectTo, type DeviceOptions } from "../device.ts";
import { Interruption } from "../failure.ts";
import { flashView } from "../flash-view.ts";

/** Longest time a camera may be away for a restart, s. */
export const RESTART_LIMIT_S = 60;

interface FlashFlags extends DeviceOptions {
	readonly testOnly?: boolean;
	readonly confirm?: boolean;
	readonly selfConfirm?: boolean;
	readonly slot?: number;
	readonly wait: number;
}

/** `bodycam firmware flash`. */
export function addFirmwareFlashCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "flash <image>",
		summary: "bring an image onto a camera and have it run",
		description:
			"Checks that image and camera fit, sends the image into the slot that does not run, verifies it, marks it for a test, restarts the camera, watches until the new firmware runs, waits for its self-test and confirms it. Without a confirmation the next restart goes back to the old firmware. A transfer that was broken off goes on where it stopped when the command is run again; what is there already is not sent. An image the camera would not take, and a camera that records and would not restart, end with exit code 4 before anything is sent, an image that does not run with 6.",
		examples: [
			["bodycam firmware flash firmware.img -d serial:/dev/ttyACM0", "Over a serial line"],
			["bodycam firmware flash firmware.img -d sim:cam1 --test-only", "Try it: the next restart goes back"],
			["bodycam firmware flash firmware.img -d ble:cam1 --self-confirm", "Where the line may break"],
		],
	})
		.option("--test-only", "leave it unconfirmed: the next restart goes back to the old firmware")
		.option("--confirm", "confirm it as soon as it runs, without waiting for its self-test")
		.option(
			"--self-confirm",
			"have it confirm itself after its self-test, also when nobody is connected any more; it goes back to the old firmware when the self-test has not passed within a minute",
		)
		.option(
			"--slot <number>",
			"slot it has to go to (default: the one that does not run)",
			numberOption({ min: 0, max: 1 }),
		)
		.option(
			"--wait <seconds>",
			"longest time for the restart, and for the self-test",
			numberOption({ min: 1, max: 3600, unit: "seconds" }),
			RESTART_LIMIT_S,
		);
	handle<FlashFlags>(addDeviceOptions(command), runtime, async (context, flags, [path = ""]) => {
		const confirmation = confirmationOf(flags);
		const image = readImageFile(path);
		const file = readWhole(path);
		const view = flashView(context);
		const client = await connectTo(context, flags);
		let reached: FlashEvent["type"] = "checked";
		try {
			const events = flashImage(client, file, image, {
				connect: () => connectTo(context, flags, WATCH_CONNECTION),
				confirmation,
				limitMs: flags.wait * 1000,
				signal: context.signal,
				...(flags.slot === undefined ? {} : { slot: flags.slot }),
			});
			for await (const event of events) {
				reached = event.type;
				view(event);
			}
		} catch (error) {
			if (context.signal.reason instanceof Interruption && !context.json) {
				context.terminal.status("");
				context.terminal.note(stoppedText(reached, confirmation));
			}
			throw error;
		} finally {
			context.terminal.status("");
			await client.close();
		}
	});
}

/** What is to be said to whoever stops it. @param reached - what had happened last @param confirmation - what was to become of the image */
function stoppedText(reached: FlashEvent["type"], confirmation: Confirmation): string {
	switch (reached) {
		case "checked":
			return "stopped: nothing was sent";
		case "marked":
		case "resetting":
			return "stopped while the camera restarts: `bodycam firmware status` shows what it runs";
		case "running":
			if (confirmation === "by-itself")
				return "stopped: the new firmware runs and confirms itself after its self-test; `bodycam firmware status` shows whether it has";
			return "stopped: the new firmware runs and is not confirmed; `bodycam firmware confirm` keeps it, the next restart goes back";
		default:
			return "stopped: the camera runs what it ran; the same command goes on where this one was";
	}
}

function confirmationOf({ testOnly, confirm, selfConfirm }: FlashFlags): Confirmation {
	const given = [testOnly, confirm, selfConfirm].filter((flag) => flag === true);
	if (given.length > 1)
		throw new UsageError("--test-only, --confirm and --self-confirm exclude each other", {
			hint: "Give one of them.",
		});
	if (testOnly === true) return "never";
	if (confirm === true) return "at-once";
	return selfConfirm === true ? "by-itself" : "after-self-test";
}
