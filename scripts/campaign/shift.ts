import type { Clip } from "@bodycam/simulator/camera/clip";
import { defaultClip } from "@bodycam/simulator/root";
import { loadScene } from "@bodycam/simulator/scene/load-scene";
import { bootCamera } from "@bodycam/simulator/testing/boot-camera";
import { playBack, soundDelays, spokenIn } from "@bodycam/simulator/testing/playback";
import { record } from "@bodycam/simulator/testing/record";

const HOURS = 12;
const RECORDINGS = 25;
const RECORDED_SECONDS = 120;
const LIMIT_SECONDS = 60;

/** A shift of 12 virtual hours with the ring armed and 25 recordings of two minutes: time, heap, picture and sound. */
export async function campaignShift(): Promise<boolean> {
	const start = performance.now();
	const camera = await bootCamera({ card: 32 * 1024 ** 3 });
	const every = (HOURS * 3_600_000) / RECORDINGS;
	const heap = new Map<number, number>();
	for (let number = 1; number <= RECORDINGS; number++) {
		for (const hour of [2, HOURS]) {
			if (!heap.has(hour) && camera.now >= hour * 3_600_000) heap.set(hour, camera.heap());
		}
		camera.advance(number * every - RECORDED_SECONDS * 1000 - 20_000 - camera.now);
		record(camera, RECORDED_SECONDS);
	}
	camera.advance(HOURS * 3_600_000 - camera.now);
	heap.set(HOURS, camera.heap());
	const seconds = (performance.now() - start) / 1000;
	const drift = (heap.get(HOURS) ?? 0) - (heap.get(2) ?? 0);
	const clip = (await loadScene(defaultClip(), undefined)).video as Clip;
	const delays = soundDelays(
		clip,
		await playBack(camera.pull(RECORDINGS)),
		spokenIn(camera.recording(RECORDINGS)),
	);
	const worst = Math.max(...delays.map(Math.abs)) * 1000;
	console.log(
		`${HOURS} h with ${RECORDINGS} recordings of ${RECORDED_SECONDS} s: ${seconds.toFixed(1)} s (limit ${LIMIT_SECONDS})`,
	);
	console.log(
		`live heap at hour 2: ${heap.get(2)}, at hour ${HOURS}: ${heap.get(HOURS)} bytes (difference ${drift}, limit 1024)`,
	);
	console.log(
		`picture and sound in the last recording: at most ${worst.toFixed(1)} ms apart in ${delays.length} beeps (limit 40)`,
	);
	camera.close();
	return seconds <= LIMIT_SECONDS && Math.abs(drift) <= 1024 && worst < 40 && delays.length > 100;
}
