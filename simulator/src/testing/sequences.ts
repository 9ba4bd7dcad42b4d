import { type Happens, happening, sequenceOf } from "@bodycam/protocol/testing/happenings";
import fc from "fast-check";
import { bootSequenceCamera, type SequenceCamera } from "./sequence-camera.ts";
import { ENGINE_DOINGS, ENGINE_HAPPENINGS, type EngineHappening } from "./sequence-doings.ts";
import { checkLiving, checkLog, checkRecordings, checkTriggers } from "./sequence-promises.ts";

/** Options of `runEngineSequences`. */
export interface EngineSequences {
	/** Seed of the sequences. */
	readonly seed: number;
	/** How many. */
	readonly runs: number;
	/** Path of a failure that was reported, to see only that one again. */
	readonly path?: string;
	/** The checks take policies to allow so much less, ms: a good camera has to be found out then. */
	readonly shorter?: number;
}

/** What the sequences have come to. */
export interface EngineSequencesReport {
	/** Things that happened. */
	happenings: number;
	/** Events that the cameras told. */
	events: number;
	/** Recordings that were triggered. */
	triggers: number;
	/** Frames on the cards. */
	frames: number;
}

/**
 * Runs random sequences of gestures and mishaps against cameras with the real firmware on its engine, in virtual time,
 * and checks from outside that they keep their promises.
 * @throws Error with the shortest sequence found that breaks a promise
 */
export async function runEngineSequences(options: EngineSequences): Promise<EngineSequencesReport> {
	const { seed, runs, path, shorter = 0 } = options;
	const report: EngineSequencesReport = { happenings: 0, events: 0, triggers: 0, frames: 0 };
	await fc.assert(
		fc.asyncProperty(sequenceOf(happening(ENGINE_HAPPENINGS)), async (sequence) => {
			const camera = await bootSequenceCamera();
			for (const one of sequence) happen(camera, one);
			report.frames += await finish(camera, shorter);
			report.happenings += sequence.length;
			report.events += camera.events.length;
			report.triggers += camera.events.filter(({ type }) => type === "trigger").length;
			camera.booted.close();
		}),
		{ seed, numRuns: runs, endOnFailure: path !== undefined || shorter > 0, ...(path && { path }) },
	);
	return report;
}

function happen(camera: SequenceCamera, { name, pauseMs }: Happens<EngineHappening>): void {
	ENGINE_DOINGS[name](camera);
	camera.booted.advance(pauseMs);
	checkLiving(camera);
	camera.listen();
}

/** Everything is repaired, what runs is stopped, and the card is looked at. @returns frames on it */
async function finish(camera: SequenceCamera, shorter: number): Promise<number> {
	const { booted } = camera;
	ENGINE_DOINGS["speaker ok"](camera);
	ENGINE_DOINGS["battery good"](camera);
	camera.putCard();
	booted.advanceUntil(() => booted.status().card.state === "ready", 10_000, "a card that is ready");
	const busy = () => ["recording", "paused", "warning"].includes(booted.status().capture.state);
	for (let tries = 0; tries < 4 && busy(); tries++) {
		booted.advance(600);
		booted.press("stop");
		booted.advance(1_500);
	}
	booted.advance(4_000);
	camera.listen();
	// Events gather for half a second before they are written.
	booted.advance(1_500);
	checkLiving(camera);
	checkTriggers(camera);
	const frames = await checkRecordings(camera, shorter);
	await checkLog(camera);
	return frames;
}
