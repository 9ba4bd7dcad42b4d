import { Pattern } from "@bodycam/simulator/camera/pattern";
import { type BootedCamera, bootCamera } from "@bodycam/simulator/testing/boot-camera";
import { createRandomness } from "@bodycam/simulator/world/random";
import type { Row } from "./row.ts";

/** Bit rate of the picture, bit/s. */
const BIT_RATE = 8_000_000;
const FRAME_RATE = 30;

/** Seconds over which a mean is taken. */
const SECONDS = 30;

/** What leaves the camera of a recording beyond picture and sound, and what sealing it costs the engine. */
export async function benchSealing(): Promise<Row[]> {
	const [full, low] = [await recorded(BIT_RATE), await recorded(BIT_RATE / 8)];
	const rate = "a second of recording, 8 Mbit/s";
	return [
		row(rate, full.instructions, "instructions", "metered by the engine, sealing included"),
		row(`${rate}: heap allocated`, full.allocations, "chunks", "clock and battery included; to reach: 0"),
		row("sealed against captured, 8 Mbit/s", full.growth, "%", "padding to chunks, tags, sound's share"),
		row("sealed against captured, 1 Mbit/s", low.growth, "%", "the same"),
	];
}

/** Records a picture of a bit rate once the ring has drained. */
async function recorded(bitRate: number) {
	const camera = await bootCamera({ camera: frames(bitRate), preRecordSeconds: 2, card: 2 ** 31 });
	camera.advance(4_000);
	camera.press("start");
	camera.advance(20_000);
	const before = camera.counters;
	camera.advance(SECONDS * 1000);
	const after = camera.counters;
	const growth = grown(camera, bitRate);
	camera.close();
	return {
		instructions: (after.instructions - before.instructions) / SECONDS,
		allocations: (after.chunkAllocations - before.chunkAllocations) / SECONDS,
		growth,
	};
}

/** What the age file has more than was captured, percent. */
function grown(camera: BootedCamera, bitRate: number): number {
	camera.press("stop");
	camera.advanceUntil(() => camera.recordings()[0]?.state === "complete", 10_000, "the end");
	const { bytes, video } = camera.recording(1);
	const captured = ((video.lastMs - video.firstMs) / 8000) * bitRate;
	return (bytes / captured - 1) * 100;
}

function frames(bitRate: number): Pattern {
	return new Pattern({
		width: 1920,
		height: 1080,
		frameRate: FRAME_RATE,
		bitRate,
		groupLength: (FRAME_RATE * 4) / 5,
		random: createRandomness(1).stream("frames"),
	});
}

function row(what: string, value: number, unit: string, note: string): Row {
	return { what, value, unit, kind: "exact", note };
}
