import type { Status } from "@bodycam/protocol/camera/status";
import { readStatus } from "../client/camera.ts";
import { connectDevice } from "../client/connect.ts";
import { pause } from "../client/pause.ts";
import { BodycamError, ConnectionError, NoSuchDeviceError } from "../errors.ts";
import { simulatorAddress } from "./simulators.ts";

/** What can be waited for: the camera answers, pre-records, records, or neither records nor writes. */
export type AwaitedState = "answering" | "armed" | "recording" | "idle";

/** Pause between two questions, ms. */
const INTERVAL_MS = 50;

/**
 * Waits until the camera of a simulator is in a state.
 * @param limitMs longest wait
 * @returns the capture state it is in then
 * @throws {NoSuchDeviceError} when there is no such simulator by then
 * @throws {ConnectionError} when its camera does not answer, or is not in that state
 */
export async function waitForState(
	name: string,
	awaited: AwaitedState,
	limitMs: number,
	signal: AbortSignal,
): Promise<Status["capture"]["state"]> {
	const limit = performance.now() + limitMs;
	for (;;) {
		const seen = await captureState(name, signal);
		if (!(seen instanceof BodycamError) && isAwaited(seen, awaited)) return seen;
		if (performance.now() >= limit) {
			if (seen instanceof BodycamError) throw seen;
			throw new ConnectionError(`the camera ${name} is ${seen}, not ${awaited}, after ${limitMs / 1000} s`, {
				hint: `\`bodycam status -d sim:${name}\` shows why.`,
			});
		}
		await pause(INTERVAL_MS, signal);
	}
}

async function captureState(
	name: string,
	signal: AbortSignal,
): Promise<Status["capture"]["state"] | BodycamError> {
	const address = await simulatorAddress(name);
	if (address === undefined) {
		return new NoSuchDeviceError(`no simulator is running under the name ${name}`, {
			hint: `\`bodycam sim list\` shows those that run; \`bodycam sim start --name ${name}\` starts it.`,
		});
	}
	try {
		const client = await connectDevice(address, { signal, timeoutMs: 1000 });
		try {
			return (await readStatus(client, { signal })).capture.state;
		} finally {
			await client.close();
		}
	} catch (error) {
		if (error instanceof ConnectionError) return error;
		throw error;
	}
}

function isAwaited(state: Status["capture"]["state"], awaited: AwaitedState): boolean {
	switch (awaited) {
		case "answering":
			return true;
		case "armed":
		case "recording":
			return state === awaited;
		case "idle":
			return state !== "recording" && state !== "finishing";
	}
}
