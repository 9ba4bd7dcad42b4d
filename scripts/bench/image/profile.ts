import { mcuImage } from "@bodycam/firmware/mps3-an547";
import { requireImage } from "@bodycam/simulator/machine/mps3-an547/mps3-machine";
import { measureCamera, measureEvent, type Phase } from "./camera.ts";
import { type FunctionProfile, FunctionProfiler } from "./function-profile.ts";
import { measureNatives } from "./natives.ts";

/** Functions shown of a phase. */
const SHOWN = 20;

/** Measures the image and prints, for each phase or for one, the functions that took its instructions. */
export async function printProfile(only?: Phase): Promise<void> {
	const natives = measureNatives();
	const profiler = new FunctionProfiler(requireImage(mcuImage()));
	const onPhase = (phase: Phase): void => {
		const profile = profiler.take();
		if (only === undefined || only === phase) print(phase, profile);
	};
	try {
		await measureCamera(natives, onPhase);
		await measureEvent(onPhase);
	} finally {
		profiler.close();
	}
}

function print(phase: Phase, profile: FunctionProfile): void {
	const total = profile.reduce((sum, [, count]) => sum + count, 0);
	console.log(`\n${phase}: ${total.toLocaleString("en")} instructions\n`);
	console.log("| function | instructions | part |\n|---|---:|---:|");
	for (const [name, count] of profile.slice(0, SHOWN))
		console.log(`| \`${name}\` | ${count.toLocaleString("en")} | ${((count / total) * 100).toFixed(1)} % |`);
}
