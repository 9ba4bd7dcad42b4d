import { createHash } from "node:crypto";
import type { Clip } from "../camera/clip.ts";
import { type MachineFactory, machineFactory } from "../machine/create-machine.ts";
import type { CutInRecord } from "../machine/mps3-an547/mps3-machine.ts";
import { defaultClip } from "../root.ts";
import { loadScene } from "../scene/load-scene.ts";
import { createRandomness } from "../world/random.ts";
import { type BootedCamera, bootCamera } from "./boot-camera.ts";
import { machinesWithCut } from "./engines.ts";
import { breaks, framesOfClip, playBack } from "./playback.ts";

/** The recording: armed for so long before the trigger, ms, and recording for so long, ms. */
const ARMED_MS = 3_000;
const RECORDING_MS = 4_000;

/** From so long after the trigger on there is a recording on the card, ms. */
const SETTLED_MS = 1_000;

/** What a power cut may cost, ms. */
const LOSS_LIMIT_MS = 1_000;

/** The longest the emulator works at a record before it is killed, µs of the host; a frame takes it a tenth. */
const WORK_LIMIT_US = 2_000;

/** What a kill has come to. */
export interface EmulatorKill {
	/** Which record the emulator was killed in, from power-on. */
	readonly record: number;
	/** How long it had worked at it, µs of the host. */
	readonly afterUs: number;
	/** Media of before the kill that the recording lacks, ms; 0 when it was complete. */
	readonly lostMs: number;
	/** Its pictures. */
	readonly frames: number;
	/** Its state after the next boot. */
	readonly state: string;
}

/**
 * Kills the emulator in the middle of a record while its camera records, boots the camera again and plays what it
 * recorded. Which record, how long into it, and what becomes of the card's writes comes from the seed.
 * @throws Error when the recording is not there, does not play, lacks more than a second, or the camera does not say
 * that its power was cut
 */
export async function killInRecording(seed: number): Promise<EmulatorKill> {
	const random = createRandomness(seed).stream("emulator-kill");
	const { first, last } = await recordsOfRecording();
	const cut: CutInRecord = {
		record: first + random.below(last - first + 1),
		afterUs: random.below(WORK_LIMIT_US),
	};
	let camera: BootedCamera | undefined;
	let cutAt: number | undefined;
	const createMachine = watched(machinesWithCut("mps3-an547", cut), () => {
		cutAt ??= camera?.now;
	});
	camera = await bootCamera({ preRecordSeconds: 2, seed, createMachine });
	try {
		goThrough(camera);
		if (cutAt === undefined || camera.board.powered) throw new Error("the emulator was not killed");
		camera.board.powerOn("powerCut");
		const { lostMs, frames, state } = await recovered(camera, cutAt);
		return { ...cut, lostMs, frames, state };
	} catch (error) {
		const where = `seed ${seed}: killed ${cut.afterUs} µs into record ${cut.record}`;
		throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
	} finally {
		camera.close();
	}
}

/** Arms, records and stops. */
function goThrough(camera: BootedCamera): void {
	camera.advance(ARMED_MS);
	camera.press("start");
	camera.advance(RECORDING_MS);
	camera.press("stop");
	camera.advance(500);
}

/** What there is after the next boot. */
async function recovered(
	camera: BootedCamera,
	cutAt: number,
): Promise<Pick<EmulatorKill, "lostMs" | "frames" | "state">> {
	const finished = () => ["interrupted", "complete"].includes(camera.recordings()[0]?.state ?? "");
	camera.advanceUntil(() => camera.status().card.state === "ready", 5_000, "a card that is ready");
	camera.advanceUntil(finished, 5_000, "a finished recording");
	const { video, sha256, state } = camera.recording(1);
	const bytes = camera.pullPart(1, "age");
	const digest = createHash("sha256").update(bytes).digest();
	if (!digest.equals(sha256 ?? new Uint8Array()))
		throw new Error("the recording has not the digest it is said to have");
	const clip = (await loadScene(defaultClip(), undefined)).video as Clip;
	const { pictures } = await playBack(camera.decrypt(bytes).plaintext);
	const broken = breaks(clip, framesOfClip(clip, pictures));
	if (pictures.length !== video.frames || broken.length > 0)
		throw new Error(
			`${pictures.length} of ${video.frames} pictures play, broken at ${broken.join(", ") || "none"}`,
		);
	const lostMs = state === "complete" ? 0 : Math.max(0, cutAt - video.lastMs);
	if (lostMs > LOSS_LIMIT_MS) throw new Error(`${lostMs} ms are lost`);
	const boot = camera.events().findLast(({ type }) => type === "booted");
	if (boot?.type !== "booted" || boot.reason !== "power-cut")
		throw new Error(`it says ${JSON.stringify(boot)}`);
	return { lostMs, frames: pictures.length, state };
}

/** Machines that say when the power of one of them was cut. */
function watched(create: MachineFactory, onCut: () => void): MachineFactory {
	return (options) => {
		const machine = create(options);
		const run = machine.run.bind(machine);
		machine.run = (sink) => {
			const result = run(sink);
			if (result.state === "dead" && result.reason === "powerCut") onCut();
			return result;
		};
		return machine;
	};
}

let range: { readonly first: number; readonly last: number } | undefined;

/**
 * The first and the last record of a camera's recording: from a second after the trigger to the end of the stop. They
 * are the same for every seed and on every engine.
 */
async function recordsOfRecording(): Promise<{ readonly first: number; readonly last: number }> {
	if (range !== undefined) return range;
	let posted = 0;
	let triggeredAt = Number.POSITIVE_INFINITY;
	let first = 0;
	const create = machineFactory("wasm");
	const camera = await bootCamera({
		preRecordSeconds: 2,
		createMachine: (options) => {
			const machine = create(options);
			// The power is cut in a record of the application.
			if (options.bootStage === true) return machine;
			const post = machine.post.bind(machine);
			machine.post = (kind, unit, timeUs, ...rest) => {
				posted += 1;
				if (first === 0 && timeUs / 1000 >= triggeredAt + SETTLED_MS) first = posted;
				post(kind, unit, timeUs, ...rest);
			};
			return machine;
		},
	});
	triggeredAt = ARMED_MS + 700;
	goThrough(camera);
	const last = posted;
	camera.close();
	range = { first, last };
	return range;
}
