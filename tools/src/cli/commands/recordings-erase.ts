import type { Command } from "commander";
import { RefusedError, UsageError } from "../../errors.ts";
import { readReceipts } from "../../evidence/receipt-file.ts";
import { type ErasureEvent, eraseRecordings } from "../../operations/recordings-erase.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";

interface EraseFlags extends DeviceOptions {
	readonly receipt?: readonly string[];
}

/** `bodycam recordings erase`: the only way a recording leaves a camera. */
export function addEraseCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "erase",
		summary: "erase recordings that an archive has signed for",
		description:
			"Gives a camera the receipts of an archive, so that it erases those recordings. It does so only on the signature of an archive that its policy names, for the very recording it has: number, length and final hash. The number, the final hash and the receipt stay on the card, and the erasure is an event. Receipts for other cameras are left out. Nothing else erases a recording.",
		examples: [
			["bodycam recordings erase --receipt archive/0badcafe-0003.receipt.cose -d sim:cam1", "One recording"],
			["bodycam recordings erase --receipt archive/ -d sim:cam1", "All that have a receipt in a directory"],
		],
	}).option(
		"--receipt <paths...>",
		"receipts that `bodycam evidence receipt` made, or a directory with them",
	);
	handle<EraseFlags>(addDeviceOptions(command), runtime, (context, flags) => {
		const { receipt: paths = [] } = flags;
		if (paths.length === 0)
			throw new UsageError("no receipt is named", {
				hint: "`bodycam evidence receipt` makes one; name it with --receipt.",
			});
		const receipts = readReceipts(paths);
		return withDevice(context, flags, async (client) => {
			const refused: Extract<ErasureEvent, { readonly type: "refused" }>[] = [];
			for await (const event of eraseRecordings(client, receipts, { signal: context.signal })) {
				if (event.type === "refused") refused.push(event);
				printResult(context, shown(event), () => describe(event));
			}
			const [first] = refused;
			if (first === undefined) return;
			const { hint, message } = first.error;
			throw new RefusedError(`recording ${first.recording} was not erased: ${message}`, {
				cause: first.error,
				...(hint === undefined ? {} : { hint }),
			});
		});
	});
}

function shown(event: ErasureEvent): object {
	return event.type === "refused" ? { ...event, error: event.error.message } : event;
}

function describe(event: ErasureEvent): string {
	switch (event.type) {
		case "erased":
			return `recording ${event.recording}: erased`;
		case "other-camera":
			return `${event.receipt}: of camera ${event.device}, left out`;
		case "refused":
			return `recording ${event.recording}: NOT erased`;
	}
}
