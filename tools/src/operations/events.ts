import type { CameraEvent } from "@bodycam/protocol/camera/events";
import { readEvents } from "../client/camera.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { type CursorGap, type CursorOptions, readCursor } from "./cursor.ts";

/** What following the events yields. */
export type EventsItem = { readonly type: "event"; readonly event: CameraEvent } | CursorGap;

/**
 * The events of the camera from a cursor on; with `follow`, also those to come.
 * @throws {ConnectionError} when the camera does not answer any more
 */
export async function* followEvents(
	client: SmpClient,
	options: CursorOptions = {},
): AsyncGenerator<EventsItem, void, undefined> {
	const read = async (after: number) => {
		const { events, ...rest } = await readEvents(client, { after }, { signal: options.signal });
		return { items: events, ...rest };
	};
	for await (const entry of readCursor(read, options))
		yield entry.type === "item" ? { type: "event", event: entry.item } : entry;
}
