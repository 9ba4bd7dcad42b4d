import type { Rejection } from "@bodycam/protocol/camera/firmware";
import { readLogLines } from "../../client/camera.ts";
import { pause } from "../../client/pause.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { BodycamError, ConnectionError, RefusedError, VerificationError } from "../../errors.ts";
import {
	type Connect,
	type DeviceFirmware,
	hashOf,
	type ImageIdentity,
	isImage,
	readDeviceFirmware,
} from "./device.ts";

/** Pause between questions while the camera restarts, ms. */
const INTERVAL = 100;

/** Time a camera has for an answer while it is watched, ms: most of the questions find nobody. */
const ANSWER_TIME = 400;

/** How a restart is watched. */
export interface WatchOptions {
	/** Longest time without any answer, and longest time for the whole, ms. */
	readonly limitMs: number;
	/** Pause between questions, ms; 100. */
	readonly intervalMs?: number;
	/** Ends it; the promise rejects with its reason. */
	readonly signal?: AbortSignal | undefined;
	/** Milliseconds. */
	readonly now?: () => number;
}

/** The camera that answers again after a restart. */
export interface Restarted {
	readonly client: SmpClient;
	readonly firmware: DeviceFirmware;
}

/**
 * A number that changes with each boot; undefined on a device that has none.
 */
export async function readBoot(client: SmpClient, signal?: AbortSignal): Promise<number | undefined> {
	try {
		return (await readLogLines(client, { max: 1, level: "error" }, { signal })).boot;
	} catch (error) {
		if (error instanceof RefusedError) return undefined;
		throw error;
	}
}

/**
 * Watches a camera that was told to restart until an image runs. Nothing is guessed: as long as it answers with its old
 * number it has not gone down, as long as it does not answer it is on its way, and once it answers with another
 * number it says itself which image runs and why.
 * @param wanted - the image that is to run
 * @param bootBefore - its number before the restart; undefined when it has none
 * @throws {VerificationError} when it runs another image, with the reason the boot stage gives
 * @throws {ConnectionError} when it does not come back in time
 */
export async function watchReboot(
	connect: Connect,
	wanted: ImageIdentity,
	bootBefore: number | undefined,
	options: WatchOptions,
): Promise<Restarted> {
	const now = options.now ?? (() => performance.now());
	const deadline = now() + options.limitMs;
	let last: unknown;
	let seen: DeviceFirmware | undefined;
	while (now() < deadline) {
		options.signal?.throwIfAborted();
		const found = await look(connect, wanted, bootBefore, options.signal).catch((error: unknown) => {
			if (!(error instanceof ConnectionError) && !isMissing(error)) throw error;
			last = error;
			return undefined;
		});
		if (found !== undefined && "client" in found) return found;
		seen = found ?? seen;
		await pause(options.intervalMs ?? INTERVAL, options.signal);
	}
	if (seen !== undefined) throw otherRuns(seen);
	throw new ConnectionError(`the camera has not come back within ${Math.round(options.limitMs / 1000)} s`, {
		hint: "It goes back to its old firmware by itself when the new one does not run. `bodycam firmware status` shows what it does.",
		cause: last,
	});
}

/** A port that is not there: a camera on USB takes it away while it restarts. */
function isMissing(error: unknown): boolean {
	return error instanceof BodycamError && error.exitCode === 3;
}

/** A look at the camera: the wanted image runs; or what is there, from before the restart or after it; or not down yet. */
async function look(
	connect: Connect,
	wanted: ImageIdentity,
	bootBefore: number | undefined,
	signal: AbortSignal | undefined,
): Promise<Restarted | DeviceFirmware | undefined> {
	const client = await connect();
	try {
		const boot = await readBoot(client, signal);
		if (boot !== undefined && boot === bootBefore) {
			await client.close();
			return undefined;
		}
		const firmware = await readDeviceFirmware(client, signal);
		const runs = firmware.active !== undefined && isImage(firmware.active, wanted, firmware);
		if (runs) return { client, firmware };
		if (boot !== bootBefore) throw otherRuns(firmware);
		// Without a number of the boot only the image tells that there was a restart.
		await client.close();
		return firmware;
	} catch (error) {
		await client.close();
		throw error;
	}
}

/** Options of a connection that is only to find out whether somebody is there. */
export const WATCH_CONNECTION = { timeoutMs: ANSWER_TIME, attempts: 1 } as const;

function otherRuns({ active, status }: DeviceFirmware): VerificationError {
	const what =
		active === undefined
			? "no image runs, the boot stage answers"
			: `version ${active.version} runs (${Buffer.from(hashOf(active)).toString("hex").slice(0, 16)})`;
	const why = status?.boot?.rejected.map(describeRejection) ?? [];
	return new VerificationError([`the new firmware does not run: ${what}`, ...why].join("\n"), {
		hint: "`bodycam crash` shows what it died of, if it died; `bodycam log` what it said.",
	});
}

/** Why the boot stage did not run an image, in words. */
export function describeRejection({ slot, reason, detail }: Rejection): string {
	return `slot ${slot} was rejected (${reason}): ${detail}`;
}
