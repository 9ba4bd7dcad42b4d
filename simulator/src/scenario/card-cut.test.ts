import { describe, expect, it } from "vitest";
import { everyCardCut, tryCardCuts } from "../testing/card-cuts.ts";
import { byEngine, engineOfTests } from "../testing/engines.ts";
import { recordCard } from "../testing/recorded-card.ts";

const engine = engineOfTests();

/** Cuts that are tried here; `npm run campaign -- card-cut` tries all. */
const CUTS = byEngine({ wasm: 10, "mps3-an547": 4 });

describe("a power cut at any write to the card", () => {
	it("costs nothing that was sealed, and the recordings follow one another without a gap", async () => {
		const recorded = await recordCard(engine);
		const all = [...everyCardCut(recorded)];
		expect(all.length).toBeGreaterThan(400);
		// Odd, so that all fates and points have their turn.
		const step = (Math.floor(all.length / CUTS) - 1) | 1;
		const report = await tryCardCuts(
			recorded,
			all.filter((_cut, index) => index % step === step - 1),
			engine,
		);
		expect(report.failures).toEqual([]);
		expect(report.cuts).toBeGreaterThanOrEqual(CUTS);
		expect(report.sealedSeconds).toBeGreaterThan(5);
		expect(report.lostSeconds).toBe(0);
	}, 180_000);
});
