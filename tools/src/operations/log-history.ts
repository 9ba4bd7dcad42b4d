import type { LogLevel, StoredLogLine } from "@bodycam/protocol/camera/log";
import { readLogHistory } from "../client/camera.ts";
import { pause } from "../client/pause.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { ProtocolError } from "../errors.ts";
import type { CursorGap, CursorOptions } from "./cursor.ts";

/** What reading the log over boots yields. */
export type LogHistoryItem = { readonly type: "line"; readonly line: StoredLogLine } | CursorGap;

/** How the log is read. */
export interface LogHistoryOptions extends CursorOptions {
	/** The least important level wanted; all without it. */
	readonly level?: LogLevel | undefined;
}

const DEFAULT_INTERVAL_MS = 250;

/**
 * The log as the camera keeps it across resets, from a cursor on; with `follow`, also the lines to come.
 * @throws {RefusedError} when the camera keeps none
 * @throws {ConnectionError} when the camera does not answer any more
 */
export async function* readLogOverBoots(
	client: SmpClient,
	options: LogHistoryOptions = {},
): AsyncGenerator<LogHistoryItem, void, undefined> {
	const { level, signal, follow, intervalMs = DEFAULT_INTERVAL_MS } = options;
	let after = options.after ?? 0;
	let boot: number | undefined;
	for (;;) {
		const page = await readLogHistory(client, { after, level }, { signal });
		if (page.lost > 0) yield { type: "lost", count: page.lost };
		for (const line of page.lines) {
			if (boot !== undefined && line.boot !== boot) yield { type: "restarted" };
			boot = line.boot;
			yield { type: "line", line };
		}
		if (page.next > after) after = page.next;
		else if (page.lines.length > 0)
			throw new ProtocolError(`the camera's cursor stays at ${after}`, { hint: "Restart the camera." });
		else if (follow === true) await pause(intervalMs, signal);
		else return;
	}
}
