import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import { readFirmware } from "../../client/firmware.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { BodycamError, RefusedError } from "../../errors.ts";
import { describeRejection } from "./watch-reboot.ts";

/** No image of the camera is valid: its boot stage answers, and knows nothing but images; `code` is `recovery`. */
export class RecoveryError extends RefusedError {
	override readonly code = "recovery";

	/** @param reasons - why each image is not run, in words */
	constructor(reasons: readonly string[], cause: unknown) {
		super(
			["the camera is in recovery: it runs no firmware, and only its boot stage answers", ...reasons].join(
				"\n",
			),
			{
				hint: "`bodycam firmware flash IMAGE` brings one onto it; `bodycam firmware status` shows its slots.",
				cause,
			},
		);
	}
}

/**
 * What is to be said of a command that a device does not know: where the device is a camera in recovery, that it is.
 * @param error - what the command ended with
 * @returns the error, or another one in its place
 */
export async function explainRecovery(
	client: SmpClient,
	error: unknown,
	signal?: AbortSignal,
): Promise<unknown> {
	const unknown = error instanceof RefusedError && error.returnCode === ReturnCode.notSupported;
	if (!unknown || error.group !== undefined || error instanceof RecoveryError) return error;
	try {
		const firmware = await readFirmware(client, { signal });
		if (firmware?.recovery !== true) return error;
		return new RecoveryError(firmware.rejected?.map(describeRejection) ?? [], error);
	} catch (failure) {
		// The line broke meanwhile: what the command ended with says more.
		if (failure instanceof BodycamError) return error;
		throw failure;
	}
}
