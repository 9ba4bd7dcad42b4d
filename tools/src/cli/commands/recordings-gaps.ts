import type { Command } from "commander";
import { findGaps, type RecordingGap, type RecordingGaps } from "../../operations/recordings-gaps.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { formatBytes, formatCount, formatMoment } from "../format.ts";
import { formatTable } from "../table.ts";

/** `bodycam recordings gaps`: what no archive has signed for. */
export function addGapsCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "gaps",
		summary: "list the recordings that no archive has signed for",
		description:
			"Lists every number up to that of the newest recording for which the camera has no receipt of an archive: recordings that are still on its card, and numbers that the card knows nothing of, since they are on another card. An empty list means that an archive has signed for everything the camera ever recorded.",
		examples: [["bodycam recordings gaps -d sim:cam1", "Before a camera is handed on"]],
	});
	handle<DeviceOptions>(addDeviceOptions(command), runtime, (context, options) =>
		withDevice(context, options, async (client) => {
			const found = await findGaps(client, { signal: context.signal });
			printResult(context, found, () => describe(found));
		}),
	);
}

const STATES: Readonly<Record<RecordingGap["state"], string>> = {
	recording: "is being made",
	complete: "on the camera",
	interrupted: "on the camera, interrupted",
	missing: "NOT on this card",
};

function describe({ last, receipts, gaps }: RecordingGaps): string {
	if (last === 0) return "no recordings";
	if (gaps.length === 0)
		return `none: there is a receipt for ${receipts === 1 ? "the only recording" : `each of ${formatCount(receipts)} recordings`}`;
	return formatTable(
		["number", "where", "size", "started"],
		gaps.map(({ number, state, summary }) => [
			String(number),
			STATES[state],
			summary === undefined ? "–" : formatBytes(summary.bytes),
			summary === undefined ? "–" : formatMoment(summary.startedAt),
		]),
	);
}
