import { resolve } from "node:path";
import type { ParsedImage } from "@bodycam/protocol/image/parse";
import { writeImageState } from "../client/firmware.ts";
import { ConnectionError } from "../errors.ts";
import { readWhole } from "../firmware/files.ts";
import { readImageFile } from "../firmware/sign-image.ts";
import { readDeviceFirmware } from "../operations/firmware/device.ts";
import { checkFit } from "../operations/firmware/fit.ts";
import { flashImage } from "../operations/firmware/flash.ts";
import { readBoot, WATCH_CONNECTION, watchReboot } from "../operations/firmware/watch-reboot.ts";
import type { Context } from "./command.ts";
import { connectTo, type DeviceOptions } from "./device.ts";
import { flashView } from "./flash-view.ts";

/** Longest time a camera on a line may take to run a new build, and a simulated one, ms. */
const LIMIT_MS = 60_000;
const SIMULATOR_LIMIT_MS = 10_000;

/** Pause between questions, ms. */
const INTERVAL_MS = 20;

/**
 * Has a camera run an image that was just built, confirmed at once. A simulated camera gets it through its programming
 * adapter, which writes its flash in no time; any other one is sent it. The firmware that ran stays in the other slot,
 * and runs again if the new one dies at its start.
 * @param file - the image
 * @returns how long it took, ms
 * @throws {UnfitImageError} when the camera would not run it
 * @throws {VerificationError} when the camera went back to the firmware that ran before
 */
export async function flashBuild(context: Context, options: DeviceOptions, file: string): Promise<number> {
	const begun = performance.now();
	const address = options.device ?? context.env.BODYCAM_DEVICE ?? "";
	if (address.startsWith("sim:")) await programSimulator(context, options, address.slice(4), file);
	else await flashOverLine(context, options, file);
	return performance.now() - begun;
}

async function programSimulator(
	context: Context,
	options: DeviceOptions,
	name: string,
	file: string,
): Promise<void> {
	const { signal } = context;
	const image = readImageFile(file);
	const bootBefore = await checkSimulator(context, options, image);
	const { controlSimulator } = await import("@bodycam/simulator/control/client");
	await controlSimulator(name, { command: "program", image: resolve(file) }, signal);
	const connect = () => connectTo(context, options, WATCH_CONNECTION);
	const { client } = await watchReboot(connect, image, bootBefore, {
		limitMs: SIMULATOR_LIMIT_MS,
		intervalMs: INTERVAL_MS,
		signal,
	});
	try {
		await writeImageState(client, { confirm: true }, { signal });
	} finally {
		await client.close();
	}
}

/**
 * @returns the number of its boot; undefined when its firmware has died, and it takes anything
 * @throws {UnfitImageError} when the camera would not run it
 */
async function checkSimulator(
	context: Context,
	options: DeviceOptions,
	image: ParsedImage,
): Promise<number | undefined> {
	const client = await connectTo(context, options, WATCH_CONNECTION).catch((error: unknown) => {
		if (error instanceof ConnectionError) return undefined;
		throw error;
	});
	if (client === undefined) return undefined;
	try {
		const { status } = await readDeviceFirmware(client, context.signal);
		if (status !== undefined) checkFit(image, status);
		return await readBoot(client, context.signal);
	} finally {
		await client.close();
	}
}

async function flashOverLine(context: Context, options: DeviceOptions, file: string): Promise<void> {
	const view = flashView(context);
	const client = await connectTo(context, options);
	try {
		const events = flashImage(client, readWhole(file), readImageFile(file), {
			connect: () => connectTo(context, options, WATCH_CONNECTION),
			confirmation: "at-once",
			limitMs: LIMIT_MS,
			signal: context.signal,
		});
		for await (const event of events) view(event);
	} finally {
		await client.close();
	}
}
