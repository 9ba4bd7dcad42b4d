import { runSequences } from "@bodycam/firmware/testing/behaviour-model";

/** Sequences of a campaign unless told otherwise. */
const SEQUENCES = 5000;

/** Sequences between two lines of progress. */
const BATCH = 500;

/** Random sequences of gestures and mishaps against the camera's promises; see `runSequences`. */
export async function campaignBehaviour(seed: number, sequences = SEQUENCES): Promise<boolean> {
	const start = performance.now();
	for (let done = 0; done < sequences; done += BATCH) {
		const runs = Math.min(BATCH, sequences - done);
		try {
			// Each batch has a seed of its own, so that one that fails is soon repeated.
			await runSequences({ seed: seed + done, runs });
		} catch (error) {
			console.error(`seed ${seed + done}: ${error instanceof Error ? error.message : String(error)}`);
			if (error instanceof Error && error.cause !== undefined) console.error(String(error.cause));
			return false;
		}
		const seconds = ((performance.now() - start) / 1000).toFixed(0);
		console.log(`${done + runs} sequences kept every promise, ${seconds} s`);
	}
	return true;
}
