import type { FirmwareStatus } from "@bodycam/protocol/camera/firmware";
import { readFirmware } from "../../client/firmware.ts";
import { pause } from "../../client/pause.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { VerificationError } from "../../errors.ts";

const INTERVAL = 200;

/** How a self-test is awaited. */
export interface SelfTestOptions {
	/** Longest time, ms. */
	readonly limitMs: number;
	/** Ends it; the promise rejects with its reason. */
	readonly signal?: AbortSignal | undefined;
}

/**
 * Waits for the self-test of the firmware that runs. A device that has none passes.
 * @throws {VerificationError} when it fails, or is not over in time, naming what did not work
 */
export async function awaitSelfTest(client: SmpClient, options: SelfTestOptions): Promise<void> {
	const deadline = performance.now() + options.limitMs;
	for (;;) {
		const test = (await readFirmware(client, { signal: options.signal }))?.selfTest;
		if (test === undefined || test.state === "passed") return;
		if (test.state === "failed") throw notPassed("has failed", test);
		if (performance.now() >= deadline)
			throw notPassed(`is not over after ${Math.round(options.limitMs / 1000)} s`, test);
		await pause(INTERVAL, options.signal);
	}
}

function notPassed(how: string, { open }: FirmwareStatus["selfTest"]): VerificationError {
	const missing = open.length === 0 ? "" : `; not seen to work: ${open.join(", ")}`;
	return new VerificationError(`the self-test of the new firmware ${how}${missing}`, {
		hint: "It is not confirmed: the next restart (`bodycam firmware revert`) goes back to the old one. --confirm confirms without a self-test.",
	});
}
