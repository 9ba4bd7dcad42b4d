import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { EventStream } from "../events/event-stream.ts";
import { LogBook } from "../events/log-book.ts";
import { describeEvent } from "../events/log-text.ts";
import type { RealTimeClock } from "../hal/real-time-clock.ts";
import type { Hardware } from "./hardware.ts";

/** What the camera writes down about itself. */
export interface Journal {
	/** The events. */
	readonly events: EventStream;
	/** The log. */
	readonly log: LogBook;
	/** Adds an event; the log gets a line about it. */
	readonly emit: (event: CameraEventBody) => void;
}

/** Opens the event stream, and the log that follows it. */
export function openJournal(hardware: Hardware, clock: Pick<RealTimeClock, "time">): Journal {
	const { board, map } = hardware;
	const memory = board.native;
	const now = () => board.now();
	const log = new LogBook({
		memory,
		region: map.log,
		now,
		show: (level, at, length) => hardware.console.show(level, at, length),
	});
	const events = new EventStream({
		memory,
		region: map.events,
		now,
		wallClock: () => clock.time,
		onEvent: (event) => {
			const { level, text } = describeEvent(event);
			log.write(level, text);
		},
		onDefect: (type, error) => log.write("error", `event ${type} left out: ${String(error)}`),
	});
	return { events, log, emit: (event) => events.emit(event) };
}
