import { bootCamera } from "@bodycam/simulator/testing/boot-camera";
import type { Row } from "./row.ts";

const ARMED_SECONDS = 1800;
const RECORDED_SECONDS = 300;

/** How much faster than the wall clock a simulated camera runs, armed and recording. */
export async function benchVirtualTime(): Promise<Row[]> {
	const camera = await bootCamera();
	camera.advance(40_000);
	const armed = speed(ARMED_SECONDS, () => camera.advance(ARMED_SECONDS * 1000));
	camera.press("start");
	const before = camera.counters.instructions;
	const recording = speed(RECORDED_SECONDS, () => camera.advance(RECORDED_SECONDS * 1000));
	const instructions = (camera.counters.instructions - before) / RECORDED_SECONDS;
	camera.close();
	return [
		{
			what: "virtual time, ring armed",
			value: armed,
			unit: "× real time",
			kind: "timed",
			note: "25 frames and 25 packets a second",
		},
		{
			what: "virtual time, recording",
			value: recording,
			unit: "× real time",
			kind: "timed",
			note: "to reach: 50",
		},
		{
			what: "a second of recording",
			value: instructions,
			unit: "instructions",
			kind: "exact",
			note: "announcement and drain included",
		},
	];
}

function speed(seconds: number, run: () => void): number {
	const start = performance.now();
	run();
	return (seconds * 1000) / (performance.now() - start);
}
