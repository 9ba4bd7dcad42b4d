import { bootCamera } from "@bodycam/simulator/testing/boot-camera";
import type { Row } from "./row.ts";

const FRAMES = 10_000;
const FRAME_MS = 40;

/** What a frame and the sound that goes with it cost the firmware while the ring is armed. */
export async function benchRingPush(): Promise<Row[]> {
	const camera = await bootCamera({ preRecordSeconds: 30 });
	camera.advance(40_000);
	const before = camera.counters;
	camera.advance(FRAMES * FRAME_MS);
	const after = camera.counters;
	camera.close();
	const clock = "those of the clock (heartbeat, battery) included";
	return [
		row(
			"ring push, one frame and one sound packet",
			(after.instructions - before.instructions) / FRAMES,
			"instructions",
			"metered by the engine; eviction and zeroing included",
		),
		row("slots allocated by 10,000 frames", after.slotAllocations - before.slotAllocations, "slots", clock),
		row(
			"chunks allocated by 10,000 frames",
			after.chunkAllocations - before.chunkAllocations,
			"chunks",
			clock,
		),
	];
}

function row(what: string, value: number, unit: string, note: string): Row {
	return { what, value, unit, kind: "exact", note };
}
