import type { EventLog } from "../event-log/event-log.ts";
import type { EventStream } from "../events/event-stream.ts";
import type { GattCounters } from "../link/gatt-counters.ts";
import type { Recorder } from "../recorder/recorder-interface.ts";
import type { ExtentStore, WriteFigures } from "../storage/store-interface.ts";

/** The parts of the camera that are counted. */
export interface StatisticsSources {
	/** Time on the board's clock, µs. */
	readonly now: () => number;
	/** Live bytes of the engine's heap, and the most seen. */
	readonly heap: () => { readonly liveBytes: number; readonly peakBytes: number };
	/** The card. */
	readonly store: Pick<ExtentStore, "status">;
	/** The event log on it. */
	readonly eventLog: Pick<EventLog, "entries" | "safeBytes" | "capacity">;
	/** The event stream. */
	readonly events: Pick<EventStream, "next">;
	/** Bluetooth LE. */
	readonly gatt: Readonly<GattCounters>;
	/** The pre-record ring. */
	readonly recorder: Pick<Recorder, "status">;
}

/** The counters of the camera by set; names as Zephyr's counters have them. */
export function statisticsOf(
	sources: StatisticsSources,
): ReadonlyMap<string, () => Readonly<Record<string, number>>> {
	const { now, heap, store, eventLog, events, gatt, recorder } = sources;
	return new Map<string, () => Readonly<Record<string, number>>>([
		["system", () => ({ uptime_ms: Math.floor(now() / 1000), events: events.next - 1 })],
		[
			"heap",
			() => {
				const { liveBytes, peakBytes } = heap();
				return { live_bytes: liveBytes, peak_bytes: peakBytes };
			},
		],
		[
			"card",
			() => {
				const { cardBytes, freeBytes, recordings } = store.status();
				return { bytes: cardBytes, free_bytes: freeBytes, recordings };
			},
		],
		["card_writes", () => writeStatistics(store.status().writing)],
		[
			"event_log",
			() => ({ entries: eventLog.entries, bytes: eventLog.safeBytes, capacity_bytes: eventLog.capacity }),
		],
		[
			"ble",
			() => ({
				connections: gatt.connections,
				disconnections: gatt.disconnections,
				requests: gatt.requests,
				busy_answers: gatt.busyAnswers,
				received_bytes: gatt.receivedBytes,
				sent_bytes: gatt.sentBytes,
				dropped_packets: gatt.droppedPackets,
				refused_notifications: gatt.refusedNotifications,
			}),
		],
		[
			"pre_record",
			() => {
				const { heldMs, capacityMs } = recorder.status().preRecord;
				const whole = (ms: number) => Math.max(0, Math.floor(ms));
				return { held_ms: whole(heldMs), capacity_ms: whole(capacityMs) };
			},
		],
	]);
}

/** Figures of the recording that is open, or of the last one. */
function writeStatistics(writing: WriteFigures): Readonly<Record<string, number>> {
	const { bytes, durationMs, busyMs } = writing;
	const perSecond = (ms: number) => (ms > 0 ? Math.floor((bytes * 1000) / ms) : 0);
	return {
		bytes,
		bytes_per_second: perSecond(durationMs),
		card_bytes_per_second: perSecond(busyMs),
		busy_percent: durationMs > 0 ? Math.ceil((busyMs * 100) / durationMs) : 0,
		longest_write_ms: writing.longestWriteMs,
		longest_flush_ms: writing.longestFlushMs,
		retries: writing.retries,
		highest_fill: writing.highestFill,
		staging: writing.staging,
	};
}
