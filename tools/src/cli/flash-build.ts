import { resolve } from "node:path";
import { readStatus } from "../client/camera.ts";
import { pause } from "../client/pause.ts";
import { BodycamError, ConnectionError, VerificationError } from "../errors.ts";
import { readWhole } from "../firmware/files.ts";
import { readImageFile } from "../firmware/sign-image.ts";
import { readDeviceFirmware } from "../operations/firmware/device.ts";
import { checkFit } from "../operations/firmware/fit.ts";
import { flashImage } from "../operations/firmware/flash.ts";
import { WATCH_CONNECTION } from "../operations/firmware/watch-reboot.ts";
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
 * adapter, which writes its flash in no time; any other one is sent it.
 * @param file - the image @param buildId - of the firmware in it
 * @returns how long it took, ms
 * @throws {UnfitImageError} when the camera would not run it
 */
export async function flashBuild(
	context: Context,
	options: DeviceOptions,
	file: string,
	buildId: string,
): Promise<number> {
	const begun = performance.now();
	const address = options.device ?? context.env.BODYCAM_DEVICE ?? "";
	if (address.startsWith("sim:")) await programSimulator(context, options, address.slice(4), file, buildId);
	else await flashOverLine(context, options, file);
	return performance.now() - begun;
}

async function programSimulator(
	context: Context,
	options: DeviceOptions,
	name: string,
	file: string,
	buildId: string,
): Promise<void> {
	await checkSimulator(context, options, file);
	const { controlSimulator } = await import("@bodycam/simulator/control/client");
	await controlSimulator(name, { command: "program", image: resolve(file) }, context.signal);
	await awaitBuild(context, options, buildId);
}

/** @throws {UnfitImageError} when the camera would not run it; one whose firmware has died takes anything */
async function checkSimulator(context: Context, options: DeviceOptions, file: string): Promise<void> {
	const client = await connectTo(context, options, WATCH_CONNECTION).catch((error: unknown) => {
		if (error instanceof ConnectionError) return undefined;
		throw error;
	});
	try {
		const status = client && (await readDeviceFirmware(client, context.signal)).status;
		if (status !== undefined) checkFit(readImageFile(file), status);
	} finally {
		await client?.close();
	}
}

async function awaitBuild(context: Context, options: DeviceOptions, buildId: string): Promise<void> {
	const deadline = performance.now() + SIMULATOR_LIMIT_MS;
	for (;;) {
		const build = await runningBuild(context, options);
		if (build === buildId) return;
		if (performance.now() > deadline)
			throw new VerificationError(`the camera does not run build ${buildId}`, {
				hint: "If it died, the output of the simulator shows of what, and `bodycam crash` once another build runs.",
			});
		await pause(INTERVAL_MS, context.signal);
	}
}

/** The build that runs; undefined while nobody answers. */
async function runningBuild(context: Context, options: DeviceOptions): Promise<string | undefined> {
	try {
		const client = await connectTo(context, options, WATCH_CONNECTION);
		try {
			return (await readStatus(client, { signal: context.signal })).device.build;
		} finally {
			await client.close();
		}
	} catch (error) {
		// A camera that restarts does not answer, or refuses what it is not ready for.
		if (error instanceof ConnectionError || (error instanceof BodycamError && error.exitCode === 4))
			return undefined;
		throw error;
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
