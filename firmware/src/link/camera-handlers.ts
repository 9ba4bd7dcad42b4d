import { EVENTS_MAX, eventsRead } from "@bodycam/protocol/camera/events";
import {
	type CrashRecord,
	crashRead,
	LOG_LINES_MAX,
	logHistory,
	logRead,
} from "@bodycam/protocol/camera/log";
import { type Status, statusRead } from "@bodycam/protocol/camera/status";
import type { Session } from "@bodycam/protocol/smp/role";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { EventStream } from "../events/event-stream.ts";
import type { LogBook } from "../events/log-book.ts";
import type { LogStore } from "../log-store/log-store.ts";
import { PAGE_BYTES } from "./limits.ts";

/** What the handlers of status, events and log need. */
export interface CameraServices {
	/** Another number after each boot. */
	readonly boot: number;
	/** The state of the camera, as a session may see it. */
	readonly status: (session: Session) => Status;
	/** The events. */
	readonly events: Pick<EventStream, "read">;
	/** The log. */
	readonly log: Pick<LogBook, "read">;
	/** The log as it is kept across resets. */
	readonly logStore: Pick<LogStore, "read">;
	/** What the firmware died of. */
	readonly crashes: { read(): Promise<{ crash?: CrashRecord; bootsSince?: number }> };
}

/** Answers the groups status, events and log. */
export function registerCameraHandlers(server: SmpServer, services: CameraServices): void {
	const { boot, events, log, logStore, crashes } = services;
	server.register(statusRead, (_request, session) => ({ status: services.status(session) }));
	server.register(eventsRead, ({ after = 0, max = EVENTS_MAX }) => {
		const { items, next, lost } = events.read(after, Math.min(max, EVENTS_MAX), PAGE_BYTES);
		return { events: items, next, lost, boot };
	});
	server.register(logRead, ({ after = 0, max = LOG_LINES_MAX, level = "debug" }) => {
		const { items, next, lost } = log.read(after, Math.min(max, LOG_LINES_MAX), level, PAGE_BYTES / 2);
		return { lines: items, next, lost, boot };
	});
	server.register(logHistory, async ({ after = 0, max = LOG_LINES_MAX, level = "debug" }) => {
		const lines = Math.min(max, LOG_LINES_MAX);
		const { items, next, lost } = await logStore.read(after, lines, level, PAGE_BYTES / 3);
		return { lines: items, next, lost, boot };
	});
	server.register(crashRead, () => crashes.read());
}
