import type { RecordingSummary } from "@bodycam/protocol/camera/recordings";
import { readRecordingsPage } from "../client/camera.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { ProtocolError } from "../errors.ts";

/**
 * The recordings on the card in order of their numbers, a page at a time as the reader asks for them.
 * @throws {ConnectionError} when the camera does not answer
 * @throws {RefusedError} when there is no card
 */
export async function* listRecordings(
	client: SmpClient,
	options: { readonly from?: number; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<RecordingSummary, void, undefined> {
	let from: number | undefined = options.from ?? 1;
	while (from !== undefined) {
		const page: Awaited<ReturnType<typeof readRecordingsPage>> = await readRecordingsPage(
			client,
			{ from },
			{ signal: options.signal },
		);
		yield* page.recordings;
		if (page.next !== undefined && page.next <= from)
			throw new ProtocolError(`the camera's list of recordings stays at ${from}`, {
				hint: "Restart the camera.",
			});
		from = page.next;
	}
}
