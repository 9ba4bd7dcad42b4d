import type { LogState } from "@bodycam/protocol/camera/event-log";
import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { BoardFlashSlot } from "../board/flash.ts";
import { Checkpoints, type SigningIdentity } from "../event-log/checkpoints.ts";
import { EventLog } from "../event-log/event-log.ts";
import { EventStream } from "../events/event-stream.ts";
import { LogBook } from "../events/log-book.ts";
import { describeEvent } from "../events/log-text.ts";
import type { RealTimeClock } from "../hal/real-time-clock.ts";
import { LogStore } from "../log-store/log-store.ts";
import { countBoots } from "./boot-count.ts";
import { CrashKeeper } from "./crash-keeper.ts";
import type { Hardware } from "./hardware.ts";

/** What the camera writes down about itself. */
export interface Journal {
	/** The events. */
	readonly events: EventStream;
	/** The events on the card. */
	readonly eventLog: EventLog;
	/** The log. */
	readonly log: LogBook;
	/** The log in flash. */
	readonly logStore: LogStore;
	/** What the firmware died of. */
	readonly crashes: CrashKeeper;
	/** Adds an event; the log gets a line about it, and the card gets it. */
	readonly emit: (event: CameraEventBody) => void;
}

/** What the journal asks and tells. */
export interface JournalListener {
	/** Another number after each boot. */
	readonly boot: number;
	/** The wall clock. */
	readonly clock: Pick<RealTimeClock, "time" | "uncertainty">;
	/** Whether events reach the card has changed. @param low - whether little room is left for them */
	onLogState(state: LogState, low: boolean): void;
	/** The camera's own key with its certificates; undefined while it has none. */
	identity(): SigningIdentity | undefined;
}

/** Opens the event stream, the log that follows it, and the event log on the card. */
export function openJournal(hardware: Hardware, listener: JournalListener): Journal {
	const { board, map, timers, identity } = hardware;
	const { boot, clock } = listener;
	const memory = board.native;
	const now = () => board.now();
	const log: LogBook = new LogBook({
		memory,
		region: map.log,
		now,
		show: (level, at, length) => hardware.console.show(level, at, length),
		onLine: () => logStore.wake(),
	});
	const logStore = new LogStore({
		memory,
		region: map.logStore,
		flash: new BoardFlashSlot({ board, slot: "log" }),
		book: log,
		boot,
	});
	void logStore.open();
	const events = new EventStream({
		memory,
		region: map.events,
		now,
		wallClock: () => clock.time,
		uncertainty: () => clock.uncertainty,
		onEvent: (event) => {
			const { level, text } = describeEvent(event);
			log.write(level, text);
			checkpoints.added(event);
			eventLog.wake();
		},
		onDefect: (type, error) => log.write("error", `event ${type} left out: ${String(error)}`),
	});
	const emit = (event: CameraEventBody) => events.emit(event);
	const counted = countBoots(hardware.keyValue, log);
	const { keyValue, crash } = hardware;
	const crashes = new CrashKeeper({ keyValue, log, crash, boots: counted });
	const eventLog: EventLog = new EventLog({
		memory,
		timers,
		region: map.eventLog,
		events,
		boot,
		onOpened: ({ entries, cutBytes }) => {
			counted.then((boots) => {
				emit({ type: "log-opened", device: identity.serial, entries, cutBytes, boots });
			});
		},
		onStored: () => checkpoints.stored(),
		onState: (state, low) => listener.onLogState(state, low),
	});
	const checkpoints = new Checkpoints({
		timers,
		device: identity.serial,
		log: eventLog,
		identity: () => listener.identity(),
		crypto: hardware.signature,
		emit,
	});
	return { events, eventLog, log, logStore, crashes, emit };
}
