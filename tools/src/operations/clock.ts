import { echo, readDatetime, writeDatetime } from "../client/camera.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { RefusedError } from "../errors.ts";

/** Outcome of setting the clock; times in ms. */
export interface ClockSetting {
	/** What the camera's clock said, ms since 1970 UTC; undefined when it was not set. */
	readonly previousMs: number | undefined;
	/** What it was set to. */
	readonly wallMs: number;
	/** Time between question and answer; half of it is how far the camera's clock can be off. */
	readonly roundTripMs: number;
}

/** Questions that measure the line. */
const PROBES = 3;

/**
 * Sets the camera's clock, allowing for the time the request takes on the line (half of the fastest round trip).
 * @param options.wallMs - the time to set, as of this call; the computer's own without it
 * @throws {RefusedError} when the camera does not take it
 * @throws {ConnectionError} when it does not answer
 */
export async function setClock(
	client: SmpClient,
	options: { readonly wallMs?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<ClockSetting> {
	const start = performance.now();
	const wallAtStart = options.wallMs ?? Date.now();
	const previousMs = await readDatetime(client, options).catch((error: unknown) => {
		if (error instanceof RefusedError) return undefined;
		throw error;
	});
	let roundTripMs = Number.POSITIVE_INFINITY;
	for (let probe = 0; probe < PROBES; probe++) {
		const asked = performance.now();
		await echo(client, "", options);
		roundTripMs = Math.min(roundTripMs, performance.now() - asked);
	}
	const wallMs = Math.round(wallAtStart + (performance.now() - start) + roundTripMs / 2);
	await writeDatetime(client, wallMs, options);
	return { previousMs, wallMs, roundTripMs };
}
