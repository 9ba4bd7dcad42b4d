import { bootCamera } from "@bodycam/simulator/testing/boot-camera";
import { median, type Row } from "./row.ts";

const RUNS = 11;

/** From power-on to armed: exact in instructions and board time, timed in milliseconds of this machine. */
export async function benchBoot(): Promise<Row[]> {
	const wall: number[] = [];
	let instructions = 0;
	let boardMs = 0;
	let heap = 0;
	let peak = 0;
	for (let run = 0; run <= RUNS; run++) {
		const start = performance.now();
		const camera = await bootCamera();
		camera.advanceUntil(() => camera.board.peripherals.camera.delivered > 0, 5_000, "the camera's start");
		if (run > 0) wall.push(performance.now() - start);
		instructions = camera.counters.instructions;
		boardMs = camera.now;
		peak = camera.counters.heapPeakBytes;
		heap = camera.heap();
		camera.close();
	}
	return [
		{
			what: "boot to ready",
			value: instructions,
			unit: "instructions",
			kind: "exact",
			note: "power-on to the first armed frame",
		},
		{
			what: "boot to ready, board time",
			value: boardMs,
			unit: "ms",
			kind: "exact",
			note: "in steps of 10 ms",
		},
		{
			what: "boot to ready, warm",
			value: median(wall),
			unit: "ms",
			kind: "timed",
			note: `median of ${RUNS}; to reach: 150`,
		},
		{ what: "live heap after boot", value: heap, unit: "bytes", kind: "exact", note: "after a collection" },
		{ what: "heap peak of boot", value: peak, unit: "bytes", kind: "exact", note: "cap 3 MiB" },
	];
}
