import { isWallTime, WALL_TIME_BOUNDS } from "@bodycam/protocol/camera/wall-time";
import { OsError } from "@bodycam/protocol/smp/os";
import { echo, readDatetime, writeDatetime } from "../client/camera.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { ProtocolError, RefusedError, UsageError } from "../errors.ts";

/** Outcome of setting the clock; times in ms. */
export interface ClockSetting {
	/** Whether the camera's clock was set before; `unknown` when its answer was of no use. */
	readonly before: "set" | "unset" | "unknown";
	/** What it said, ms since 1970 UTC, if it was set. */
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
 * @throws {UsageError} when no camera's clock takes such a time
 * @throws {RefusedError} when the camera does not take it
 * @throws {ConnectionError} when it does not answer
 */
export async function setClock(
	client: SmpClient,
	options: { readonly wallMs?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<ClockSetting> {
	const start = performance.now();
	const wallAtStart = options.wallMs ?? Date.now();
	if (!isWallTime(Math.round(wallAtStart)))
		throw new UsageError(`a camera's clock takes times ${WALL_TIME_BOUNDS}`, {
			hint:
				options.wallMs === undefined
					? "Set the clock of this computer right, or give the time."
					: "Give another time, or none for that of this computer.",
		});
	const previous = await readPrevious(client, options);
	let roundTripMs = Number.POSITIVE_INFINITY;
	for (let probe = 0; probe < PROBES; probe++) {
		const asked = performance.now();
		await echo(client, "", options);
		roundTripMs = Math.min(roundTripMs, performance.now() - asked);
	}
	const wallMs = Math.round(wallAtStart + (performance.now() - start) + roundTripMs / 2);
	await writeDatetime(client, wallMs, options);
	return { ...previous, wallMs, roundTripMs };
}

/** What the clock says. That the camera cannot tell must not keep it from being set right. */
async function readPrevious(
	client: SmpClient,
	options: { readonly signal?: AbortSignal | undefined },
): Promise<Pick<ClockSetting, "before" | "previousMs">> {
	try {
		return { before: "set", previousMs: await readDatetime(client, options) };
	} catch (error) {
		if (!(error instanceof RefusedError || error instanceof ProtocolError)) throw error;
		const { group, code } = OsError.clockNotSet;
		const unset = error instanceof RefusedError && error.group === group && error.returnCode === code;
		return { before: unset ? "unset" : "unknown", previousMs: undefined };
	}
}
