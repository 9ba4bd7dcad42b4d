import { createHash } from "node:crypto";
import type { CameraEvent } from "@bodycam/protocol/camera/events";
import { describe, expect, it } from "vitest";
import type { Clip } from "../../camera/clip.ts";
import { defaultClip } from "../../root.ts";
import { loadScene } from "../../scene/load-scene.ts";
import { bootCamera, type LoggedLine } from "../../testing/boot-camera.ts";
import { mcuAvailable } from "../../testing/engines.ts";
import { framesOfClip, playBack } from "../../testing/playback.ts";
import { record } from "../../testing/record.ts";
import { createRandomness } from "../../world/random.ts";
import { machineFactory } from "../create-machine.ts";
import type { EngineName } from "../engine-name.ts";
import type { MachineCounters } from "../machine.ts";

/** What two engines' times may be apart, ms: nothing, since the firmware's time is the time on its records. */
const TIME_TOLERANCE_MS = 0;

/** Instructions of the processor that two runs may be apart: the grain of the timer that counts them. */
const GRAIN = 32;

/** What a camera did, from power-on to the end of its second recording. */
interface Run {
	/** SHA-256 over every record that the firmware sent to its board. */
	readonly sent: string;
	/** SHA-256 over their kinds, units and times. */
	readonly order: string;
	/** How many they were. */
	readonly records: number;
	readonly recordings: readonly Uint8Array[];
	readonly events: readonly CameraEvent[];
	readonly log: readonly LoggedLine[];
	readonly counters: MachineCounters;
}

/** A camera that is armed, records twice, is asked for everything and disturbed through its serial port. */
async function run(engine: EngineName, seed: number): Promise<Run> {
	const sent = createHash("sha256");
	const order = createHash("sha256");
	let records = 0;
	const create = machineFactory(engine);
	const camera = await bootCamera({
		preRecordSeconds: 2,
		seed,
		clockMs: 1_790_000_000_000,
		createMachine: (options) => {
			const machine = create(options);
			const machineRun = machine.run.bind(machine);
			machine.run = (sink) =>
				machineRun((...sentRecord) => {
					records += 1;
					sent.update(Float64Array.from(sentRecord));
					order.update(Float64Array.from(sentRecord.slice(0, 3)));
					sink(...sentRecord);
				});
			return machine;
		},
	});
	const noise = createRandomness(seed).stream("noise");
	camera.advance(3_000);
	record(camera, 3);
	for (let line = 0; line < 20; line++) {
		const bytes = new Uint8Array(1 + noise.below(300));
		noise.fill(bytes);
		camera.serial.transmit(bytes);
		camera.advance(7);
	}
	record(camera, 2);
	const recordings = [1, 2].map((number) => camera.pull(number));
	const events = camera.events();
	const { log, counters } = camera;
	camera.close();
	const digests = { sent: sent.digest("hex"), order: order.digest("hex") };
	return { ...digests, records, recordings, events, log, counters };
}

async function frames(recording: Uint8Array): Promise<{ frame: number; timestamp: number }[]> {
	const clip = (await loadScene(defaultClip(), undefined)).video as Clip;
	const { pictures } = await playBack(recording);
	return framesOfClip(clip, pictures).map((frame, index) => ({
		frame,
		timestamp: pictures[index]?.timestamp ?? Number.NaN,
	}));
}

describe.skipIf(!mcuAvailable())("time and chance on the image", { timeout: 180_000 }, () => {
	it("are the seed's: two runs send the same records, store the same bytes, take the same instructions", async () => {
		const [first, second] = [await run("mps3-an547", 11), await run("mps3-an547", 11)];
		expect(first.records).toBeGreaterThan(500);
		expect(second.sent).toBe(first.sent);
		expect(second.recordings).toEqual(first.recordings);
		expect(second.events).toEqual(first.events);
		const instructions = (from: Run) => from.counters.processor?.instructions ?? Number.NaN;
		expect(instructions(first)).toBeGreaterThan(1e8);
		expect(Math.abs(instructions(first) - instructions(second))).toBeLessThanOrEqual(GRAIN);
		const other = await run("mps3-an547", 12);
		expect(other.sent).not.toBe(first.sent);
	});

	it("are those of the wasm engine: the same frames, the same events in the same order, at the same times", async () => {
		const [image, wasm] = [await run("mps3-an547", 13), await run("wasm", 13)];
		// What they send differs in one length alone: a recording's metadata name the engine.
		expect({ records: image.records, order: image.order }).toEqual({
			records: wasm.records,
			order: wasm.order,
		});
		for (const [index, recording] of image.recordings.entries())
			expect(await frames(recording)).toEqual(await frames(wasm.recordings[index] ?? new Uint8Array()));
		const untimed = (events: readonly CameraEvent[]) => events.map(({ monotonicMs: _, ...event }) => event);
		expect(untimed(image.events)).toEqual(untimed(wasm.events));
		for (const [index, { monotonicMs }] of image.events.entries())
			expect(Math.abs(monotonicMs - (wasm.events[index]?.monotonicMs ?? Number.NaN))).toBeLessThanOrEqual(
				TIME_TOLERANCE_MS,
			);
		expect(image.log).toEqual(wasm.log);
	});
});
