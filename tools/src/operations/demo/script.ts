import { press } from "@bodycam/simulator/simulator/presses";
import type { RunningSimulator, SimulatedCamera } from "@bodycam/simulator/simulator/start";

/** Camera time before the first press, besides the pre-recording: the camera boots and the ring turns over, ms. */
const WARM_UP_MS = 2500;

/** From the start of the double press to its second press, which is the trigger, ms. */
const TRIGGER_AFTER_MS = 270;

/** How long the button is held until the recording stops, ms. */
const HOLD_MS = 3000;

/** When the double press is over and the button can be held, ms after its start. */
const BUTTON_FREE_MS = 570;

/** Camera time after the stop in which the card is written, ms. */
const FINISH_MS = 1500;

/** Camera time simulated between two looks at the clock, ms. */
const SLICE_MS = 200;

/** Time that spoken words before a recording are given, ms. */
const WORDS_MS = 12_000;

/** From one hold to the one that confirms it, ms. */
const CONFIRM_AFTER_MS = 3_900;

/** What the wearer does. */
export interface Script {
	/** Seconds in which the ring fills before the trigger. */
	readonly preRecordSeconds: number;
	/** Rules of the policy that ask for more than a double press and a hold. */
	readonly asks?: {
		/** Pre-recording has to be armed by hand. */
		readonly arming: boolean;
		/** The announcement comes before the recording. */
		readonly words: boolean;
		/** The stop has to be confirmed. */
		readonly confirmation: boolean;
	};
	/** Seconds from the trigger to the stop. */
	readonly recordSeconds: number;
}

/** How far camera time has come, ms. */
export interface ScriptProgress {
	/** What is going on. */
	readonly scene: "filling" | "recording" | "finishing";
	/** Camera time so far. */
	readonly doneMs: number;
	/** Camera time in all. */
	readonly totalMs: number;
}

/**
 * Plays the script in virtual time: the ring fills, the wearer presses twice, and in the end holds the button for
 * 3 s, so that it stops `recordSeconds` after the trigger. A stop takes its time: the shortest recording is 3.3 s.
 * @throws BoardCrashError when the firmware dies, with its stack in TypeScript lines
 */
export async function* playScript(
	simulator: RunningSimulator,
	camera: SimulatedCamera,
	script: Script,
): AsyncGenerator<ScriptProgress, void, undefined> {
	const { arming = false, words = false, confirmation = false } = script.asks ?? {};
	const fillMs = script.preRecordSeconds * 1000 + WARM_UP_MS * (arming ? 2 : 1);
	const leastMs = BUTTON_FREE_MS + (confirmation ? CONFIRM_AFTER_MS : 0);
	const wantedMs = TRIGGER_AFTER_MS + script.recordSeconds * 1000 - HOLD_MS;
	const holdAtMs = Math.max(leastMs, wantedMs) + (words ? WORDS_MS : 0);
	const stopMs = holdAtMs + HOLD_MS;
	const totalMs = fillMs + stopMs + FINISH_MS;
	const arm = { scene: "filling", untilMs: WARM_UP_MS, act: () => press(camera.board, "arm") } as const;
	const ask = {
		scene: "recording",
		untilMs: fillMs + holdAtMs - CONFIRM_AFTER_MS,
		act: () => press(camera.board, "stop"),
	} as const;
	const scenes = [
		...(arming ? [arm] : []),
		{ scene: "filling", untilMs: fillMs, act: () => press(camera.board, "start") },
		...(confirmation ? [ask] : []),
		{ scene: "recording", untilMs: fillMs + holdAtMs, act: () => press(camera.board, "stop") },
		{ scene: "recording", untilMs: fillMs + stopMs, act: () => 0 },
		{ scene: "finishing", untilMs: totalMs, act: () => 0 },
	] as const;
	for (const { scene, untilMs, act } of scenes) {
		while (simulator.world.now < untilMs * 1000) {
			simulator.world.advanceTo(Math.min(untilMs * 1000, simulator.world.now + SLICE_MS * 1000));
			yield { scene, doneMs: simulator.world.now / 1000, totalMs };
			// The host's own input and output get their turn.
			await new Promise((resolve) => setImmediate(resolve));
		}
		act();
	}
}
