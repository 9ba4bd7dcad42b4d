import { ENGINES, type EngineName } from "@bodycam/simulator/machine/engine-name";
import { projectFirmware } from "@bodycam/simulator/simulator/firmware";
import { BootBench, everyCut, tryAgainAndCut, tryCuts } from "@bodycam/simulator/testing/flash-cuts";
import { recordUpdates } from "@bodycam/simulator/testing/update-recording";

/** Failures that are shown. */
const SHOWN = 20;

/** Cuts after which the update is done again, and cut off again. */
const AGAIN = 100;

/** Every how many changes of the flash the count is shown. */
const PROGRESS_EVERY = 50;

/**
 * Cuts the power at every change of the flash in the course of updates: before it, inside it at several points, after
 * it, and once more in every change that the boot after it makes. Each time a whole, valid image has to be started.
 * @param slice - tries only so many, spread by the seed; undefined: all
 */
export async function campaignPowerCut(
	seed: number,
	slice: number | undefined,
	engine: EngineName = ENGINES[0],
): Promise<boolean> {
	const recording = await recordUpdates(await projectFirmware());
	const bench = await BootBench.open(recording, engine);
	const { changes } = recording;
	const phases = new Map<string, number>();
	for (const { phase } of changes) phases.set(phase, (phases.get(phase) ?? 0) + 1);
	console.log(`changes of the flash: ${[...phases].map(([phase, count]) => `${phase} ${count}`).join(", ")}`);
	const all = [...everyCut(recording)];
	const step = slice === undefined ? 1 : Math.max(1, all.length / slice);
	const cuts = all.filter(
		(_cut, index) => Math.floor((index + seed) / step) !== Math.floor((index + seed - 1) / step),
	);
	const again = slice === undefined ? AGAIN : Math.min(AGAIN, slice);
	let shown = 0;
	const report = tryCuts(bench, recording, cuts, seed, (index, { cuts: tried, failures }) => {
		if (index < shown + PROGRESS_EVERY) return;
		shown = index;
		console.log(`change ${index} of ${changes.length}: ${tried} cuts tried, ${failures.length} failures`);
	});
	for (const [number, one] of all
		.filter((_cut, index) => index % Math.ceil(all.length / again) === 0)
		.entries())
		await tryAgainAndCut(bench, recording, one, seed + number, report);
	for (const { where, what } of report.failures.slice(0, SHOWN)) console.log(`FAILED ${where}: ${what}`);
	console.log(
		`power cuts tried on ${engine}: ${report.cuts} (${report.twice} of them the second of two in a row), failures: ${report.failures.length}`,
	);
	return report.failures.length === 0 && report.cuts > 0;
}
