import { runSequences } from "@bodycam/firmware/testing/behaviour-model";
import { runEngineSequences } from "@bodycam/simulator/testing/sequences";

/** Where the sequences run: the behaviour's sources on Node, or the whole firmware on its engine. */
export const BEHAVIOUR_ENGINES = ["node", "xs"] as const;

/** One of `BEHAVIOUR_ENGINES`. */
export type BehaviourEngine = (typeof BEHAVIOUR_ENGINES)[number];

/** Sequences of a campaign unless told otherwise, and between two lines of progress. */
const SEQUENCES: Readonly<Record<BehaviourEngine, number>> = { node: 5000, xs: 1000 };
const BATCH: Readonly<Record<BehaviourEngine, number>> = { node: 500, xs: 50 };

/** Random sequences of gestures and mishaps against the camera's promises; see `runSequences`. */
export async function campaignBehaviour(
	seed: number,
	engine: BehaviourEngine,
	sequences = SEQUENCES[engine],
): Promise<boolean> {
	const start = performance.now();
	for (let done = 0; done < sequences; done += BATCH[engine]) {
		// Each batch has a seed of its own, so that one that fails is soon repeated.
		const batch = { seed: seed + done, runs: Math.min(BATCH[engine], sequences - done) };
		try {
			if (engine === "xs") console.log(JSON.stringify(await runEngineSequences(batch)));
			else await runSequences(batch);
		} catch (error) {
			console.error(`seed ${batch.seed}: ${error instanceof Error ? error.message : String(error)}`);
			if (error instanceof Error && error.cause !== undefined) console.error(String(error.cause));
			return false;
		}
		const seconds = ((performance.now() - start) / 1000).toFixed(0);
		console.log(`${done + batch.runs} sequences on ${engine} kept every promise, ${seconds} s`);
	}
	return true;
}
