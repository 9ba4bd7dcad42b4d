import type { CameraEvent } from "@bodycam/protocol/camera/events";
import type { PolicyProfile } from "@bodycam/protocol/policy/profile";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import type { ThrowawayAgency } from "@bodycam/simulator/agency/throwaway-agency";
import type { EngineName } from "@bodycam/simulator/machine/engine-name";
import {
	type RunningSimulator,
	type SimulatedCamera,
	startSimulator,
} from "@bodycam/simulator/simulator/start";
import { Pacer } from "@bodycam/simulator/world/pacer";
import { readRecordingInfo, readStatus } from "../client/camera.ts";
import { connectDevice } from "../client/connect.ts";
import { pause } from "../client/pause.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { BodycamError, ConnectionError, DiskFullError } from "../errors.ts";
import { DEMO_FILES, type HandOverEvent, handOver } from "./demo/hand-over.ts";
import { explainStart } from "./demo/report.ts";
import { playScript, type ScriptProgress } from "./demo/script.ts";
import { followEvents } from "./events.ts";
import { checkReplaceable, outputDirectory, removeEmpty } from "./output-directory.ts";

/** What to demonstrate. */
export interface DemoOptions {
	/** The rules the camera goes by; the built-in `demo` profile's without them. */
	readonly policy?: PolicyProfile | undefined;
	/** Seconds of pre-recording wanted; what the policy gives without it. */
	readonly preRecordSeconds?: number | undefined;
	/** Seconds from the trigger to the stop. */
	readonly recordSeconds: number;
	/** Video file in front of the camera; the project's clip without it. */
	readonly camera?: string | undefined;
	/** What runs the firmware; `wasm`. */
	readonly engine?: EngineName | undefined;
	/** Directory for `DEMO_FILES`. */
	readonly out: string;
	/** Seed of all randomness; the operating system's without it. */
	readonly seed?: number | undefined;
	/** Stops. */
	readonly signal?: AbortSignal | undefined;
}

/** What the demonstration yields. */
export type DemoEvent =
	/** The camera is on. `port` is its serial port, `soundNote` says why the sound is not the file's own. */
	| { readonly type: "started"; readonly port: string; readonly soundNote: string | undefined }
	/** Camera time goes on, faster than the wall clock's. */
	| ({ readonly type: "simulated" } & ScriptProgress)
	/** What the camera says that happened, read over its serial port, and the moment of the trigger (ms). */
	| { readonly type: "timeline"; readonly events: readonly CameraEvent[]; readonly triggerMs: number }
	| HandOverEvent;

/** How long the camera may take to close the recording once it is paced, ms. */
const CLOSING_LIMIT_MS = 30_000;

/** Far above what a PTY does, so that it never counts for a time limit. */
const BAUD_RATE = 921_600;

/** The camera's clock in a run with a seed and a policy, ms since 1970 UTC. */
const SEEDED_CLOCK_MS = Date.UTC(2027, 0, 1, 12);

/**
 * The main job from end to end: boots a camera in virtual time, fills its ring, presses its button, lets it record
 * and stop, then pulls the recording through a real serial port while the world is paced, verifies and decrypts it. Files that are in `out`
 * are replaced only when the new ones are whole.
 * @throws BoardCrashError when the firmware dies, with its stack in TypeScript lines
 * @throws CameraFileError when the video cannot be used
 * @throws {UsageError} when `out` cannot take the files
 * @throws {DiskFullError} when there is no room for them
 * @throws {BodycamError} when there is no recording in the end, or it does not arrive
 */
export async function* runDemo(options: DemoOptions): AsyncGenerator<DemoEvent, void, undefined> {
	const made = outputDirectory(options.out);
	try {
		for (const name of Object.values(DEMO_FILES)) checkReplaceable(options.out, name);
		yield* demonstrate(options);
	} catch (error) {
		throw isDiskFull(error) ? diskFull(options.out, error) : error;
	} finally {
		removeEmpty(made);
	}
}

function isDiskFull(error: unknown): boolean {
	return error instanceof DiskFullError || (error as NodeJS.ErrnoException | undefined)?.code === "ENOSPC";
}

/** A demonstration does not go on where it stopped, as a pull does. */
function diskFull(out: string, cause: unknown): DiskFullError {
	return new DiskFullError(`the disk is full: the recording does not fit into ${out}`, {
		hint: "Make room or give another --out, then run the demonstration again.",
		cause,
	});
}

async function* demonstrate(options: DemoOptions): AsyncGenerator<DemoEvent, void, undefined> {
	const { signal, policy = demo } = options;
	const { preRecording, announcement, stop } = policy;
	const simulator = await startSimulator({
		name: "demo",
		camera: options.camera,
		policy,
		preRecordSeconds: options.preRecordSeconds,
		seed: options.seed,
		engine: options.engine,
		clockMs: clockOf(options),
		serial: true,
		pace: "manual",
		register: false,
		onCrash: "throw",
	});
	try {
		const [camera] = simulator.cameras;
		if (camera?.serial === undefined) throw new BodycamError("the simulated camera has no serial port");
		yield { type: "started", port: camera.serial, soundNote: camera.soundNote };
		const script = {
			preRecordSeconds: Math.min(
				options.preRecordSeconds ?? preRecording.defaultMs / 1000,
				preRecording.mode === "off" ? 0 : preRecording.maximumMs / 1000,
			),
			recordSeconds: options.recordSeconds,
			asks: {
				arming: preRecording.mode === "manual",
				words: announcement.when === "before",
				confirmation: stop.confirmation,
			},
		};
		for await (const progress of playScript(simulator, camera, script)) {
			signal?.throwIfAborted();
			yield { type: "simulated", ...progress };
		}
		yield* collect(simulator, camera, camera.serial, options);
	} finally {
		await simulator.stop();
	}
}

/**
 * The camera's clock. With a seed nothing may depend on when it runs: then the clock stays unset, or, since some
 * policies allow less with an unset clock, it is set to a moment that is always the same.
 */
function clockOf({ seed, policy }: DemoOptions): number | undefined {
	if (seed === undefined) return Date.now();
	return policy === undefined ? undefined : SEEDED_CLOCK_MS;
}

/** From here on the world keeps the wall clock's pace, as a camera on a desk does. */
async function* collect(
	simulator: RunningSimulator,
	camera: SimulatedCamera,
	port: string,
	options: DemoOptions,
): AsyncGenerator<DemoEvent, void, undefined> {
	const { instructions, heapPeakBytes } = camera.board.counters;
	const crash = new AbortController();
	const pacer = new Pacer(simulator.world, (error) => crash.abort(error));
	const signal =
		options.signal === undefined ? crash.signal : AbortSignal.any([options.signal, crash.signal]);
	try {
		const client = await connectDevice(`serial:${port}?baud=${BAUD_RATE}`, { signal });
		try {
			const number = await closedRecording(client, signal);
			const events: CameraEvent[] = [];
			for await (const item of followEvents(client, { signal }))
				if (item.type === "event") events.push(item.event);
			const { trigger } = await readRecordingInfo(client, number, { signal });
			yield { type: "timeline", events, triggerMs: trigger.monotonicMs };
			const startsBecause = explainStart(options.policy ?? demo);
			const figures = { seed: options.seed, instructions, heapPeakBytes, startsBecause };
			const { out } = options;
			yield* handOver(client, { number, figures, agency: agencyOf(camera), out, signal });
		} finally {
			await client.close();
		}
	} finally {
		pacer.stop();
	}
}

function agencyOf({ agency }: SimulatedCamera): ThrowawayAgency {
	if (agency === undefined) throw new BodycamError("the simulated camera belongs to no agency");
	return agency;
}

/** Waits until the recording is closed; its number. */
async function closedRecording(client: SmpClient, signal: AbortSignal): Promise<number> {
	for (const limit = performance.now() + CLOSING_LIMIT_MS; performance.now() < limit; ) {
		const { capture, faults, recordings } = await readStatus(client, { signal });
		if (capture.state === "armed" || capture.state === "ready") {
			if (recordings.last !== undefined) return recordings.last;
			throw new BodycamError(`the camera has made no recording; its faults: ${faults.join(", ") || "none"}`);
		}
		if (capture.state === "off" || capture.state === "fault") {
			throw new BodycamError(
				`the camera is in state ${capture.state}; its faults: ${faults.join(", ") || "none"}`,
			);
		}
		await pause(50, signal);
	}
	throw new ConnectionError(`the camera did not close its recording within ${CLOSING_LIMIT_MS / 1000} s`);
}
