import type { LogState } from "@bodycam/protocol/camera/event-log";
import type { CameraEvent } from "@bodycam/protocol/camera/events";
import { logOfCard } from "@bodycam/protocol/event-log/log-area";
import { readLog } from "@bodycam/protocol/event-log/reader";
import { type LogReport, LogVerifier, type LogVerifierOptions } from "@bodycam/protocol/event-log/verifier";
import { nodeTrustCrypto } from "@bodycam/protocol/testing/node-crypto";
import { EventLog } from "../event-log/event-log.ts";
import { EVENT_LOG_WORK_BYTES } from "../event-log/work.ts";
import { EventStream } from "../events/event-stream.ts";
import type { FakeCardOptions } from "./fake-card.ts";
import { bootStore, EXTRA_AT, type StoreRig } from "./store-rig.ts";

/** Bytes of the event ring in a rig. */
const RING_BYTES = 64 * 1024;

/** A store and an event log over a fake card, on virtual time. */
export interface EventLogRig extends StoreRig {
	readonly events: EventStream;
	readonly log: EventLog;
	/** States told so far, with `low` appended when room is scarce. */
	readonly states: string[];
	/** Adds an event; `size` pads it. */
	emit(recording: number, size?: number): void;
}

/** Options of a rig. */
export interface EventLogRigOptions extends FakeCardOptions {
	readonly insert?: boolean;
	/** Number of the boot. */
	readonly boot?: number;
	/** Bytes of the event ring. */
	readonly ringBytes?: number;
	/** Wall clock at time 0 of the board, ms. */
	readonly wallMs?: number;
}

/** Boots an event log on a card. */
export function bootEventLog(options: EventLogRigOptions): EventLogRig {
	const { boot = 1, ringBytes = RING_BYTES, wallMs } = options;
	const states: string[] = [];
	const store = bootStore({
		...options,
		extra: EVENT_LOG_WORK_BYTES + RING_BYTES,
		onLogArea: (area) => log.use(area),
	});
	const { memory, timers } = store;
	const events = new EventStream({
		memory,
		region: { at: EXTRA_AT + EVENT_LOG_WORK_BYTES, bytes: ringBytes },
		now: () => timers.now(),
		wallClock: () => (wallMs === undefined ? undefined : wallMs + Math.floor(timers.now() / 1000)),
		uncertainty: () => 20,
		onEvent: () => log.wake(),
	});
	const log = new EventLog({
		memory,
		timers,
		region: { at: EXTRA_AT, bytes: EVENT_LOG_WORK_BYTES },
		events,
		boot,
		onOpened: ({ entries, cutBytes }) =>
			events.emit({ type: "log-opened", device: "0badcafe", entries, cutBytes, boots: boot }),
		onStored: () => undefined,
		onState: (state: LogState, low: boolean) => states.push(low ? `${state} low` : state),
	});
	return {
		...store,
		events,
		log,
		states,
		emit(recording, size) {
			if (size === undefined) events.emit({ type: "recording-started", recording });
			else events.emit({ type: "booted", reason: `${recording}`, build: "", crash: "x".repeat(size) });
		},
	};
}

/** The verdict about the log of a card image, and the events in it. */
export async function verifyImage(
	image: Uint8Array,
	options: Partial<LogVerifierOptions> = {},
): Promise<{
	readonly report: LogReport;
	readonly events: readonly CameraEvent[];
	readonly boots: number[];
}> {
	const source = await logOfCard({
		sectors: image.length / 512,
		read: (sector, count) => image.subarray(sector * 512, (sector + count) * 512),
	});
	const events: CameraEvent[] = [];
	const boots: number[] = [];
	const verifier = new LogVerifier({
		crypto: nodeTrustCrypto,
		...options,
		onEntry({ event, boot }) {
			if (event !== undefined) events.push(event);
			boots.push(boot);
		},
	});
	for await (const piece of readLog(source)) verifier.piece(piece);
	return { report: verifier.report(), events, boots };
}
