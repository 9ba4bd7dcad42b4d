import type { RecordingSummary } from "@bodycam/protocol/camera/recordings";
import { readStatus } from "../client/camera.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { listRecordings } from "./recordings.ts";

/** A recording for which the camera has no receipt. */
export interface RecordingGap {
	/** Its number. */
	readonly number: number;
	/** How it is on the card; `missing`: the card knows nothing of it, it may be on another one. */
	readonly state: Exclude<RecordingSummary["state"], "erased"> | "missing";
	/** What else is known of it; undefined when it is missing. */
	readonly summary: RecordingSummary | undefined;
}

/** Which recordings of a camera have no receipt. */
export interface RecordingGaps {
	/** Number of the newest recording, 0 without any. */
	readonly last: number;
	/** Recordings with a receipt: they were erased on it. */
	readonly receipts: number;
	/** Those without one, in order. */
	readonly gaps: readonly RecordingGap[];
}

/**
 * The numbers from 1 to the newest for which the camera has no receipt.
 * @throws {RefusedError} when there is no card
 * @throws {ConnectionError} when the camera does not answer
 */
export async function findGaps(
	client: SmpClient,
	options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<RecordingGaps> {
	const gaps: RecordingGap[] = [];
	let receipts = 0;
	let last = 0;
	const missing = (until: number): void => {
		while (++last < until) gaps.push({ number: last, state: "missing", summary: undefined });
	};
	for await (const summary of listRecordings(client, options)) {
		const { number, state } = summary;
		missing(number);
		if (state === "erased") receipts++;
		else gaps.push({ number, state, summary });
	}
	const newest = (await readStatus(client, options)).recordings.last ?? 0;
	if (newest > last) {
		missing(newest);
		gaps.push({ number: newest, state: "missing", summary: undefined });
	}
	return { last, receipts, gaps };
}
