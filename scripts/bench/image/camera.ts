import { Battery, Camera, Datagram, Microphone } from "@bodycam/protocol/board/records";
import { statusRead } from "@bodycam/protocol/camera/status";
import { readCustody } from "@bodycam/protocol/custody/reader";
import { osEcho } from "@bodycam/protocol/smp/os";
import { Pattern } from "@bodycam/simulator/camera/pattern";
import { machineFactory } from "@bodycam/simulator/machine/create-machine";
import {
	type BootCameraOptions,
	type BootedCamera,
	bootCamera,
} from "@bodycam/simulator/testing/boot-camera";
import { createRandomness } from "@bodycam/simulator/world/random";
import { type Count, milliseconds } from "./count.ts";
import { FRAME_BYTES, type NativeCosts } from "./natives.ts";
import { countingRecords, processorOf, RecordCosts } from "./record-costs.ts";

/** Frames a second. */
const FRAME_RATE = 30;

/** Seconds of pre-recording. */
const PRE_RECORD = 5;

/** Seconds over which a mean is taken: whole groups of pictures. */
const SECONDS = 10;

const REQUESTS = 20;
const EVENTS = 40;

/** A camera on the image, and what its records cost. */
interface Rig {
	readonly camera: BootedCamera;
	readonly costs: RecordCosts;
}

/** The parts of the measurement, in their order. */
export const PHASES = [
	"boot",
	"collection",
	"ring fills",
	"armed",
	"echo",
	"status",
	"recording starts",
	"recording",
	"recording stops",
	"last collection",
	"without events",
	"events",
] as const;

/** A part of the measurement. */
export type Phase = (typeof PHASES)[number];

/** Told after each part of the measurement. */
export type OnPhase = (phase: Phase) => void;

async function rig(options: BootCameraOptions): Promise<Rig> {
	const costs = new RecordCosts();
	const camera = await bootCamera({
		clockMs: 1_790_000_000_000,
		engine: "mps3-an547",
		createMachine: (machine) => countingRecords(machineFactory("mps3-an547")(machine), costs),
		...options,
	});
	return { camera, costs };
}

/** 30 frames of 30 KiB a second, in groups of a second. */
function frames(): Pattern {
	return new Pattern({
		width: 1920,
		height: 1080,
		frameRate: FRAME_RATE,
		bitRate: FRAME_RATE * FRAME_BYTES * 8,
		groupLength: FRAME_RATE,
		keyframeRatio: 1,
		random: createRandomness(1).stream("frames"),
	});
}

const instructions = (name: string, what: string, value: number, toReach?: number): Count => ({
	name,
	what,
	value,
	unit: "instructions",
	...(toReach === undefined ? {} : { toReach }),
});
const bytes = (name: string, what: string, value: number): Count => ({ name, what, value, unit: "bytes" });
const time = (name: string, what: string, longest: number): Count => ({
	name,
	what,
	value: milliseconds(longest),
	unit: "ms",
});

/** What the firmware costs on the image: boot, frames, a recording, requests, collections. */
export async function measureCamera(
	natives: NativeCosts,
	onPhase: OnPhase = () => undefined,
): Promise<Count[]> {
	const { camera, costs } = await rig({ camera: frames(), preRecordSeconds: PRE_RECORD });
	try {
		const processor = () => processorOf(camera.counters);
		const phase = (name: Phase): RecordCosts => {
			onPhase(name);
			const taken = costs.copy();
			costs.clear();
			return taken;
		};
		const delivered = (): boolean => camera.board.peripherals.camera.delivered > 0;
		camera.advanceUntil(delivered, 5_000, "the camera's start");
		const booted = phase("boot").all();
		const { bootInstructions } = processor();
		const bootPeak = camera.counters.heapPeakBytes;
		const collection = collect(camera);
		phase("collection");

		camera.advance((PRE_RECORD + 1) * 1000);
		phase("ring fills");
		const before = camera.counters;
		camera.advance(SECONDS * 1000);
		const after = camera.counters;
		const armed = phase("armed");

		for (let request = 0; request < REQUESTS; request++) camera.client.request(osEcho, { d: "0123456789" });
		const echo = phase("echo");
		for (let request = 0; request < REQUESTS; request++) camera.client.request(statusRead, {});
		const status = phase("status");

		camera.press("start");
		const recording = (): boolean => camera.recordings().length > 0;
		camera.advanceUntil(recording, 5_000, "the recording's start");
		camera.advance(SECONDS * 1000);
		const start = phase("recording starts");
		const beforeRecording = camera.counters;
		camera.advance(SECONDS * 1000);
		const whileRecording = camera.counters;
		const recorded = phase("recording");
		camera.press("stop");
		camera.advance(5_000);
		const stop = phase("recording stops");
		const lastCollection = collect(camera);
		phase("last collection");

		const frame = armed.mean(Camera.FRAME);
		const { copyFrame, zeroFrame } = natives;
		const second = recorded.all().instructions / SECONDS;
		const sealing = sealingOf(camera, natives);
		const request = (of: RecordCosts): number =>
			(of.of(Datagram.RECEIVED).instructions + of.of(Datagram.SENT).instructions) / REQUESTS;
		return [
			instructions("boot.ready", "reset to ready: the firmware evaluated", bootInstructions),
			instructions("boot.armed", "on from there to the first armed frame", booted.instructions),
			bytes("heap.boot", "live heap after boot and a collection", collection.live),
			bytes("heap.bootPeak", "heap peak of boot", bootPeak),
			bytes("heap.peak", "heap peak, a recording included", camera.counters.heapPeakBytes),
			bytes("heap.end", "live heap after the recording and a collection", lastCollection.live),
			bytes("stack.peak", "C stack peak", processor().stackPeakBytes),
			instructions("frame", "an armed frame of 30 KiB, its eviction included", frame),
			instructions(
				"frame.besides",
				"the same besides its copy and its zeroing",
				frame - copyFrame - zeroFrame,
				10_000,
			),
			{
				name: "frame.slots",
				what: `slots allocated in ${SECONDS} armed seconds, clock and battery included`,
				value: after.slotAllocations - before.slotAllocations,
				unit: "allocations",
			},
			{
				name: "frame.chunks",
				what: `chunks allocated in ${SECONDS} armed seconds`,
				value: after.chunkAllocations - before.chunkAllocations,
				unit: "allocations",
				toReach: 0,
			},
			instructions("packet", "an armed sound packet of 40 ms", armed.mean(Microphone.PACKET)),
			instructions("armed.second", "an armed second", armed.all().instructions / SECONDS),
			instructions("recording.second", "a second of recording, all of it", second),
			bytes("recording.sealed", "bytes that are sealed in it, padding included", sealing.bytes),
			instructions("recording.cipher", "ChaCha20-Poly1305 of these bytes", sealing.cipher),
			instructions(
				"recording.digest",
				"SHA-256 of them, once for the segment and once for the file",
				sealing.digest,
			),
			instructions("recording.signatures", "Ed25519 signatures of its checkpoints", sealing.signatures),
			instructions(
				"recording.besides",
				"a second of recording besides cipher, digests and signatures",
				second - sealing.cipher - sealing.digest - sealing.signatures,
				16_000_000,
			),
			{
				name: "recording.chunks",
				what: `chunks allocated in ${SECONDS} recorded seconds, clock and battery included`,
				value: whileRecording.chunkAllocations - beforeRecording.chunkAllocations,
				unit: "allocations",
				toReach: 0,
			},
			instructions("smp.echo", "an SMP request: echo", request(echo)),
			instructions("smp.status", "an SMP request: status", request(status)),
			instructions("collection", "a garbage collection after boot", collection.instructions),
			instructions("collection.end", "a garbage collection after a recording", lastCollection.instructions),
			time("away.armed", "longest away from the frame queue, armed", armed.all().longest),
			time("away.requests", "the same, requests", Math.max(echo.all().longest, status.all().longest)),
			time("away.start", "the same, a recording starts and drains the ring", start.all().longest),
			time("away.recording", "the same, recording", recorded.all().longest),
			time("away.stop", "the same, a recording stops", stop.all().longest),
		];
	} finally {
		camera.close();
	}
}

/** What an event costs from its source to the card: a changed battery level, the shortest way into the stream. */
export async function measureEvent(onPhase: OnPhase = () => undefined): Promise<Count[]> {
	const { camera, costs } = await rig({ preRecordSeconds: 0 });
	try {
		camera.advance(10_000);
		costs.clear();
		camera.advance(EVENTS * 1000);
		const idle = costs.all().instructions;
		onPhase("without events");
		costs.clear();
		for (let event = 0; event < EVENTS; event++) {
			camera.board.peripherals.battery.set(60 + (event % 2), false);
			camera.advance(1000);
		}
		onPhase("events");
		return [
			instructions("event.record", "an event, in the record that tells it", costs.mean(Battery.LEVEL)),
			instructions(
				"event",
				"an event, stored alone: encoded, chained, written, flushed",
				(costs.all().instructions - idle) / EVENTS,
			),
		];
	} finally {
		camera.close();
	}
}

/** What sealing takes of a recorded second: bytes, and instructions of the natives. */
function sealingOf(
	camera: BootedCamera,
	{ sha256, seal, sign }: NativeCosts,
): Readonly<Record<"bytes" | "cipher" | "digest" | "signatures", number>> {
	const { bytes: total, video } = camera.recording(1);
	const seconds = (video.lastMs - video.firstMs) / 1000;
	const sealed = total / seconds;
	let checkpoints = 0;
	for (const piece of readCustody(camera.pullPart(1, "custody")))
		if (piece.kind === "item" && piece.entry.type === "checkpoint") checkpoints++;
	const chunks = sealed / 65_536;
	return {
		bytes: sealed,
		cipher: chunks * seal,
		digest: 2 * chunks * sha256,
		signatures: (checkpoints / seconds) * sign,
	};
}

function collect(camera: BootedCamera): { readonly live: number; readonly instructions: number } {
	const before = processorOf(camera.counters).instructions;
	const live = camera.heap();
	return { live, instructions: processorOf(camera.counters).instructions - before };
}
