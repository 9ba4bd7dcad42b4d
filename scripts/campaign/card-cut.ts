import { ENGINES, type EngineName } from "@bodycam/simulator/machine/engine-name";
import { everyCardCut, tryCardCuts } from "@bodycam/simulator/testing/card-cuts";
import { recordCard } from "@bodycam/simulator/testing/recorded-card";

/** Failures that are shown. */
const SHOWN = 20;

/** Every how many changes of the card the count is shown. */
const PROGRESS_EVERY = 20;

/**
 * Cuts the power before, inside and after every write and flush of a recording with pre-record, pause and stop; what was
 * not flushed is lost, kept or torn. Each time the camera has to boot, all that was sealed has to verify, and the
 * recordings have to follow one another without a gap.
 * @param slice - tries only so many, spread by the seed; undefined: all
 */
export async function campaignCardCut(
	seed: number,
	slice: number | undefined,
	engine: EngineName = ENGINES[0],
): Promise<boolean> {
	const recorded = await recordCard(engine);
	const { changes } = recorded;
	const writes = changes.filter(({ change }) => change.kind === "write").length;
	console.log(`changes of the card: ${writes} writes, ${changes.length - writes} flushes`);
	const all = [...everyCardCut(recorded)];
	const step = slice === undefined ? 1 : Math.max(1, all.length / slice);
	const cuts = all.filter(
		(_cut, index) => Math.floor((index + seed) / step) !== Math.floor((index + seed - 1) / step),
	);
	let shown = 0;
	const report = await tryCardCuts(recorded, cuts, engine, ({ index }, { cuts: tried, failures }) => {
		if (index < shown + PROGRESS_EVERY) return;
		shown = index;
		console.log(`change ${index} of ${changes.length}: ${tried} cuts tried, ${failures.length} failures`);
	});
	for (const { where, what } of report.failures.slice(0, SHOWN)) console.log(`FAILED ${where}: ${what}`);
	console.log(
		`card cuts tried on ${engine}: ${report.cuts} of ${all.length}, failures: ${report.failures.length}`,
	);
	console.log(
		`sealed seconds: ${report.sealedSeconds.toFixed(1)}, lost: ${report.lostSeconds.toFixed(1)}; not sealed yet at a cut: at most ${Math.round(report.worstMs)} ms`,
	);
	return report.failures.length === 0 && report.cuts > 0 && report.lostSeconds === 0;
}
