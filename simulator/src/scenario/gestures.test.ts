import { describe, expect, it } from "vitest";
import { byEngine } from "../testing/engines.ts";
import { runEngineSequences } from "../testing/sequences.ts";

/** Sequences here; `npm run campaign -- behaviour --engine xs` runs any number. */
const RUNS = byEngine({ wasm: 25, "mps3-an547": 8 });

describe("random sequences of 50 and more happenings on the engine", () => {
	it("break no promise, seen from outside, and lose no event", { timeout: 600_000 }, async () => {
		const { happenings, triggers, frames } = await runEngineSequences({ seed: 1, runs: RUNS });
		expect(happenings).toBeGreaterThanOrEqual(RUNS * 50);
		expect(triggers).toBeGreaterThan(RUNS * 2);
		expect(frames).toBeGreaterThan(RUNS * 100);
	});

	it("find a pre-recording that is longer than the policy by one group of pictures", async () => {
		const found = runEngineSequences({ seed: 1, runs: RUNS, shorter: 1000 });
		const error = await found.then(
			() => undefined,
			(failure: Error) => failure,
		);
		expect(String(error?.cause)).toContain("never a pre-record older than the policy");
	}, 600_000);
});
