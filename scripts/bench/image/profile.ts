import { mcuImage } from "@bodycam/firmware/mps3-an547";
import { requireImage } from "@bodycam/simulator/machine/mps3-an547/mps3-machine";
import { measureCamera, measureEvent } from "./camera.ts";
import { type FunctionProfile, FunctionProfiler } from "./function-profile.ts";
import { measureNatives } from "./natives.ts";

/** Functions shown of a phase. */
const SHOWN = 20;

/** Measures the image and prints, for each phase or for one, the functions that took its instructions. */
export async function printProfile(only?: string): Promise<void> {
	const natives = measureNatives();
	const profiler = new FunctionProfiler(requireImage(mcuImage()));
	const phases: string[] = [];
	const onPhase = (phase: string): void => {
		const profile = profiler.take();
		phases.push(phase);
		if (only === undefined || only === phase) print(phase, profile);
	};
	try {
		await measureCamera(natives, onPhase);
		profiler.take();
		await measureEvent(onPhase);
	} finally {
		profiler.close();
	}
	if (only !== undefined && !phases.includes(only))
		throw new Error(`no phase "${only}"; there are ${phases.join(", ")}`);
}

function print(phase: string, profile: FunctionProfile): void {
	const total = profile.reduce((sum, [, count]) => sum + count, 0);
	console.log(`\n${phase}: ${total.toLocaleString("en")} instructions\n`);
	console.log("| function | instructions | part |\n|---|---:|---:|");
	for (const [name, count] of profile.slice(0, SHOWN))
		console.log(`| \`${name}\` | ${count.toLocaleString("en")} | ${((count / total) * 100).toFixed(1)} % |`);
}
