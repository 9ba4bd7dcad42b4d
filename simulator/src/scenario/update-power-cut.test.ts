import { beforeAll, describe, expect, it } from "vitest";
import { projectFirmware } from "../simulator/firmware.ts";
import { engineOfTests } from "../testing/engines.ts";
import { BootBench, type CutReport, everyCut, tryAgainAndCut, tryCuts } from "../testing/flash-cuts.ts";
import { recordUpdates, type UpdateRecording } from "../testing/update-recording.ts";

/** Cuts that are tried here, on each engine; `npm run campaign -- power-cut` tries all. */
const SLICE = { wasm: 60, "mps3-an547": 12 } as const;

/** Another slice with each seed. */
const SEED = 7;

let recording: UpdateRecording;
beforeAll(async () => {
	recording = await recordUpdates(await projectFirmware());
}, 120_000);

describe("updates of the firmware", () => {
	it("change the flash in every way there is", () => {
		const phases = new Set(recording.changes.map(({ phase }) => phase));
		expect([...phases]).toEqual(
			expect.arrayContaining(["upload", "test", "decision", "confirm", "mark for good", "revert by command"]),
		);
		expect([...everyCut(recording)].length).toBeGreaterThan(1500);
	});

	it("survive a power cut before, in and after a change of the flash, and a second one in the boot after it", async () => {
		const engine = engineOfTests();
		const bench = await BootBench.open(recording, engine);
		const all = [...everyCut(recording)];
		const uploads = all.filter(({ index }) => recording.changes[index]?.phase.endsWith("upload"));
		const others = all.filter((cut) => !uploads.includes(cut));
		// A part of the uploads, which are many and alike, and as many of what is marked, decided and confirmed.
		const pick = (from: typeof all) => {
			const step = Math.max(1, Math.floor(from.length / (SLICE[engine] / 2)));
			return from.filter((_cut, at) => at % step === SEED % step);
		};
		const cuts = [...pick(uploads), ...pick(others)].sort((a, b) => a.index - b.index);
		const report = tryCuts(bench, recording, cuts, SEED);
		expect(report.failures).toEqual([]);
		expect(report.cuts).toBeGreaterThanOrEqual(SLICE[engine]);
	}, 180_000);

	it("survive a second power cut while they are done again", async () => {
		const bench = await BootBench.open(recording, engineOfTests());
		const all = [...everyCut(recording)];
		const report: CutReport = { cuts: 0, twice: 0, failures: [] };
		for (const part of [0.2, 0.45, 0.7, 0.99]) {
			const cut = all[Math.floor(part * all.length)];
			if (cut !== undefined) await tryAgainAndCut(bench, recording, cut, SEED, report);
		}
		expect(report).toEqual({ cuts: 8, twice: 4, failures: [] });
	}, 180_000);
});
