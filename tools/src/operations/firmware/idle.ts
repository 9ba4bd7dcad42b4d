import type { Status } from "@bodycam/protocol/camera/status";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import { readStatus } from "../../client/camera.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { ProtocolError, RefusedError } from "../../errors.ts";

/** The camera records, and a restart would cut that off; `code` is `recording`. */
export class RecordingError extends RefusedError {
	override readonly code = "recording";

	/** @param capture - what the camera does @param done - what has been done of the command so far, in words */
	constructor({ state, recording }: Status["capture"], done: string) {
		const number = recording === undefined ? "" : ` (recording ${recording})`;
		const doing = state === "paused" ? "holds a paused recording" : "is recording";
		super(`the camera ${doing}${number} and will not restart before that has ended`, {
			hint: `Stop the recording, then run the command again. ${done}`,
		});
	}
}

/**
 * Checks that a camera would restart now. A device that does not tell what it does, such as a plain SMP server or a
 * camera in recovery, passes.
 * @param done - what has been done of the command so far, in words
 * @throws {RecordingError} while it records, or holds a paused recording
 */
export async function demandIdle(client: SmpClient, done: string, signal?: AbortSignal): Promise<void> {
	const capture = await captureOf(client, signal);
	if (capture?.state === "recording" || capture?.state === "paused") throw new RecordingError(capture, done);
}

/** What a camera does; undefined on a device that does not tell. */
async function captureOf(client: SmpClient, signal?: AbortSignal): Promise<Status["capture"] | undefined> {
	try {
		return (await readStatus(client, { signal })).capture;
	} catch (error) {
		if (error instanceof RefusedError && error.returnCode === ReturnCode.notSupported) return undefined;
		// Firmware of another age tells its state in other words: it must still be possible to exchange it.
		if (error instanceof ProtocolError) return undefined;
		throw error;
	}
}
