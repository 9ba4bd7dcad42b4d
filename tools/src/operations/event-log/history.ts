import type { CameraEvent } from "@bodycam/protocol/camera/events";
import { decodeEntry, type ReadEntry } from "@bodycam/protocol/event-log/entry";
import { type LogSource, readLog } from "@bodycam/protocol/event-log/reader";
import { readEventLogInfo } from "../../client/camera.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import type { CursorGap, CursorOptions } from "../cursor.ts";
import { followEvents } from "../events.ts";
import { openCameraLog } from "./camera-log.ts";

/** What reading past events yields. */
export type HistoryItem =
	| {
			readonly type: "entry";
			/** Number in the log; undefined for an event that is not there yet. */
			readonly entry: number | undefined;
			/** Boot of the camera. */
			readonly boot: number;
			/** What every event has. */
			readonly base: Pick<ReadEntry, "sequence" | "type" | "monotonicMs">;
			/** The event; undefined when this version does not understand it. */
			readonly event: CameraEvent | undefined;
	  }
	/** A part of the log that cannot be read. */
	| { readonly type: "damage"; readonly bytes: number }
	| CursorGap;

/** The entries of a log, without verifying them. */
export async function* readHistory(source: LogSource): AsyncGenerator<HistoryItem, void, undefined> {
	for await (const piece of readLog(source)) {
		if (piece.kind === "damage") {
			if (piece.where !== "remains") yield { type: "damage", bytes: piece.sectors * 512 };
			continue;
		}
		for (const bytes of piece.entries) {
			const read = decodeEntry(bytes);
			if (read === undefined) yield { type: "damage", bytes: bytes.length };
			else {
				const { entry, boot, event, sequence, type, monotonicMs } = read;
				yield { type: "entry", entry, boot, event, base: { sequence, type, monotonicMs } };
			}
		}
	}
}

/**
 * The past events on the card of a camera, then those that are not there yet; with `follow`, also those to come.
 * @throws {RefusedError} when the camera has no card it can read
 */
export async function* readCameraHistory(
	client: SmpClient,
	options: Omit<CursorOptions, "after"> = {},
): AsyncGenerator<HistoryItem, void, undefined> {
	const log = await openCameraLog(client, options.signal);
	yield* readHistory(log);
	let { boot } = log;
	for await (const item of followEvents(client, { ...options, after: log.stored })) {
		if (item.type === "event")
			yield { type: "entry", entry: undefined, boot, event: item.event, base: item.event };
		else {
			if (item.type === "restarted") ({ boot } = await readEventLogInfo(client, { signal: options.signal }));
			yield item;
		}
	}
}
