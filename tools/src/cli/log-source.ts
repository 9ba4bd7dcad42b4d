import { openCameraLog } from "../operations/event-log/camera-log.ts";
import type { LogFile } from "../operations/event-log/log-file.ts";
import { openLogFile } from "../operations/event-log/log-file.ts";
import type { Context } from "./command.ts";
import { type DeviceOptions, withDevice } from "./device.ts";

/** The file that -d or BODYCAM_DEVICE names instead of a camera; undefined when it is the address of one. */
export function logFileOf(context: Context, { device }: DeviceOptions): string | undefined {
	const address = device ?? context.env.BODYCAM_DEVICE;
	return address === undefined || address === "" || /^[a-z]+:/.test(address) ? undefined : address;
}

/**
 * Opens the event log of a camera, a card, an image or an exported file, and closes it afterwards.
 * @throws {UsageError} when none is named or it is not there
 */
export async function withLog<Result>(
	context: Context,
	options: DeviceOptions,
	work: (log: Pick<LogFile, "source" | "exported" | "recordings">) => Promise<Result>,
): Promise<Result> {
	const file = logFileOf(context, options);
	if (file === undefined)
		return withDevice(context, options, async (client) => {
			const source = await openCameraLog(client, context.signal);
			return work({ source, exported: false, recordings: [] });
		});
	const log = await openLogFile(file);
	try {
		return await work(log);
	} finally {
		await log.close();
	}
}
