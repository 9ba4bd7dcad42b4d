import { EventLogError, eventLogInfo, eventLogRead } from "@bodycam/protocol/camera/event-log";
import { GroupError } from "@bodycam/protocol/smp/errors";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { EventLog } from "../event-log/event-log.ts";
import type { MediaMemory } from "../hal/media-memory.ts";
import { StoreError } from "../storage/store-interface.ts";
import { READ_BYTES } from "./limits.ts";
import type { ReadBuffers } from "./read-buffers.ts";

/** What the handlers of the event log need. */
export interface EventLogServices {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Number of this boot. */
	readonly boot: number;
	/** The events on the card. */
	readonly eventLog: Pick<
		EventLog,
		"state" | "safeBytes" | "capacity" | "entries" | "card" | "head" | "stored" | "read"
	>;
	/** Where it is read to, `READ_BYTES` each. */
	readonly buffers: ReadBuffers;
}

/** Answers the commands of the events group that read the log on the card. */
export function registerEventLogHandlers(server: SmpServer, services: EventLogServices): void {
	const { memory, boot, eventLog, buffers } = services;

	server.register(eventLogInfo, () => {
		const { state, safeBytes: bytes, capacity, card } = eventLog;
		if (card === undefined) return { state, bytes, capacity, entries: 0, boot, stored: 0 };
		const { entries, stored } = eventLog;
		return { state, bytes, capacity, entries, card, head: eventLog.head(), boot, stored };
	});

	server.register(eventLogRead, async ({ off, len = READ_BYTES }) => {
		const total = eventLog.safeBytes;
		if (eventLog.card === undefined) throw new GroupError(EventLogError.noLog);
		const wanted = Math.min(len, READ_BYTES, Math.max(0, total - off));
		if (wanted === 0) return { off, data: new Uint8Array(0), total };
		const buffer = await buffers.take();
		try {
			const read = await eventLog.read(off, wanted, buffer);
			return { off, data: new Uint8Array(memory.memory, buffer, read).slice(), total };
		} catch (error) {
			if (!(error instanceof StoreError)) throw error;
			throw new GroupError(error.code === "absent" ? EventLogError.noLog : EventLogError.cardFailed);
		} finally {
			buffers.give(buffer);
		}
	});
}
