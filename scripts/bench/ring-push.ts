import { bootCamera } from "@bodycam/simulator/testing/boot-camera";
import type { Row } from "./row.ts";

const FRAMES = 10_000;
const FRAME_MS = 40;

/** What a frame costs the firmware while the ring is armed: metered instructions and allocations, without sound and with. */
export async function benchRingPush(): Promise<Row[]> {
	const silent = await armedCost("none");
	const heard = await armedCost(undefined);
	return [
		row(
			"ring push, one frame",
			silent.instructions / FRAMES,
			"instructions",
			"metered by the engine; every record in between included",
		),
		row(
			"ring push, one frame and one sound packet",
			heard.instructions / FRAMES,
			"instructions",
			"the same with 25 packets/s of sound",
		),
		row(
			"slots allocated by 10,000 frames",
			heard.slots,
			"slots",
			"what the clock allocates (heartbeat, battery) included",
		),
		row("chunks allocated by 10,000 frames", heard.chunks, "chunks", "likewise"),
	];
}

function row(what: string, value: number, unit: string, note: string): Row {
	return { what, value, unit, kind: "exact", note };
}

async function armedCost(
	microphone: string | undefined,
): Promise<{ instructions: number; slots: number; chunks: number }> {
	const camera = await bootCamera({ preRecordSeconds: 30, ...(microphone !== undefined && { microphone }) });
	camera.advance(40_000);
	const before = camera.counters;
	camera.advance(FRAMES * FRAME_MS);
	const after = camera.counters;
	camera.close();
	return {
		instructions: after.instructions - before.instructions,
		slots: after.slotAllocations - before.slotAllocations,
		chunks: after.chunkAllocations - before.chunkAllocations,
	};
}
