import { eventLogInfo } from "@bodycam/protocol/camera/event-log";
import { type BootedCamera, bootCamera } from "@bodycam/simulator/testing/boot-camera";
import type { Row } from "./row.ts";

const EVENTS = 600;
const TOGETHER = 20;
const GAP_MS = 1000;

interface Cost {
	readonly instructions: number;
	readonly cardBytes: number;
	readonly heapBytes: number;
}

/** What an event costs from its source to the card: a changed battery level, the shortest way into the stream. */
export async function benchEvent(): Promise<Row[]> {
	const camera = await bootCamera({ preRecordSeconds: 0, clockMs: 1_790_000_000_000 });
	camera.advance(10_000);
	const idle = (EVENTS * GAP_MS) / TOGETHER;
	const before = camera.counters.instructions;
	camera.advance(idle);
	const nothing = (camera.counters.instructions - before) / idle;
	const unstored = measure(camera, EVENTS, 0, nothing);
	camera.advance(2_000);
	const together = measure(camera, TOGETHER, GAP_MS, nothing);
	const alone = measure(camera, 1, GAP_MS, nothing);
	camera.close();
	const encoded = "from the board's record: encoded, stamped, kept in memory, with its line in the log";
	return [
		row("an event, kept in memory", unstored.instructions, "instructions", encoded),
		row(
			"an event, stored alone",
			alone.instructions,
			"instructions",
			"chained, in a block of its own, flushed",
		),
		row("an event, stored with 19 others", together.instructions, "instructions", "its share of their block"),
		row("an event on the card, alone", alone.cardBytes, "bytes", "a block is whole sectors"),
		row("an event on the card, with 19 others", together.cardBytes, "bytes", "its share of their block"),
		row(`live heap after ${EVENTS} events`, alone.heapBytes, "bytes", "more than before; to reach: 0"),
	];
}

/** The cost of one of `EVENTS` events that come `together` at a time. @param nothing - instructions of an idle ms */
function measure(camera: BootedCamera, together: number, gapMs: number, nothing: number): Cost {
	const stored = (): number => camera.client.request(eventLogInfo, {}).bytes;
	const bytes = stored();
	const heap = camera.heap();
	const { instructions } = camera.counters;
	const start = camera.now;
	for (let event = 0; event < EVENTS; event++) {
		camera.board.peripherals.battery.set(60 + (event % 2), false);
		if (event % together === together - 1) camera.advance(gapMs);
	}
	camera.advance(0);
	const spent = camera.counters.instructions - instructions - nothing * (camera.now - start);
	const heapBytes = camera.heap() - heap;
	return { instructions: spent / EVENTS, cardBytes: (stored() - bytes) / EVENTS, heapBytes };
}

function row(what: string, value: number, unit: string, note: string): Row {
	return { what, value, unit, kind: "exact", note };
}
