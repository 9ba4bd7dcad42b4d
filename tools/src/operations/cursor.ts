import { pause } from "../client/pause.ts";
import { ProtocolError } from "../errors.ts";

/** How a stream kept in the camera is read. */
export interface CursorOptions {
	/** Sequence of the last item seen; without it, from the oldest kept. */
	readonly after?: number;
	/** Goes on with what happens from now on, until the signal ends it. */
	readonly follow?: boolean;
	/** Pause between questions while following, ms. */
	readonly intervalMs?: number;
	/** Ends it; the generator throws its reason. */
	readonly signal?: AbortSignal | undefined;
}

/** What reading a stream yields besides its items. */
export type CursorGap =
	/** Items that the camera no longer keeps. */
	| { readonly type: "lost"; readonly count: number }
	/** The camera restarted; its sequences begin anew. */
	| { readonly type: "restarted" };

/** One answer of the camera. */
export interface CursorPage<T> {
	readonly items: readonly T[];
	readonly next: number;
	readonly lost: number;
	readonly boot: number;
}

const DEFAULT_INTERVAL_MS = 250;

/**
 * Reads a stream page by page until its end, or for ever; notices what was lost and when the camera restarted.
 * @throws {ProtocolError} when the camera's cursor does not move
 */
export async function* readCursor<T>(
	read: (after: number) => Promise<CursorPage<T>>,
	options: CursorOptions,
): AsyncGenerator<{ readonly type: "item"; readonly item: T } | CursorGap, void, undefined> {
	let after = options.after ?? 0;
	let boot: number | undefined;
	for (;;) {
		const page = await read(after);
		if (boot !== undefined && boot !== page.boot) {
			boot = page.boot;
			after = 0;
			yield { type: "restarted" };
			continue;
		}
		boot = page.boot;
		if (page.lost > 0) yield { type: "lost", count: page.lost };
		for (const item of page.items) yield { type: "item", item };
		if (page.next > after) {
			// Also without items: those between were lost, or are not of the kind asked for.
			after = page.next;
		} else if (page.items.length > 0) {
			throw new ProtocolError(`the camera's cursor stays at ${after}`, { hint: "Restart the camera." });
		} else if (options.follow === true) {
			await pause(options.intervalMs ?? DEFAULT_INTERVAL_MS, options.signal);
		} else return;
	}
}
