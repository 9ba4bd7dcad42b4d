import type { LogLevel, LogLine } from "@bodycam/protocol/camera/log";
import { readLogLines } from "../client/camera.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { type CursorGap, type CursorOptions, readCursor } from "./cursor.ts";

/** What reading the log yields. */
export type LogItem = { readonly type: "line"; readonly line: LogLine } | CursorGap;

/** How the log is read. */
export interface LogOptions extends CursorOptions {
	/** The least important level wanted; all without it. */
	readonly level?: LogLevel;
}

/**
 * The log of the camera from a cursor on; with `follow`, also the lines to come.
 * @throws {ConnectionError} when the camera does not answer any more
 */
export async function* readLog(
	client: SmpClient,
	options: LogOptions = {},
): AsyncGenerator<LogItem, void, undefined> {
	const read = async (after: number) => {
		const { lines, ...rest } = await readLogLines(
			client,
			{ after, level: options.level },
			{ signal: options.signal },
		);
		return { items: lines, ...rest };
	};
	for await (const entry of readCursor(read, options))
		yield entry.type === "item" ? { type: "line", line: entry.item } : entry;
}
