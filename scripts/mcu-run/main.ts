/**
 * `npm run mcu:run`: boots the Cortex-M55 image with the project's firmware in QEMU, lets it arm, and says what it took.
 */
import { buildFirmware } from "@bodycam/firmware/build";
import { mcuImage } from "@bodycam/firmware/mps3-an547";
import { SimulatorError } from "@bodycam/simulator/simulator-error";
import { bootCamera } from "@bodycam/simulator/testing/boot-camera";

/** Long enough for the first frame, ms of board time. */
const ARMED_WITHIN = 5_000;

try {
	await run();
} catch (error) {
	if (!(error instanceof SimulatorError)) throw error;
	console.error([error.message, error.hint].filter((line) => line !== undefined).join("\n"));
	process.exitCode = error.exitCode;
}

async function run(): Promise<void> {
	const { manifest } = await buildFirmware();
	const camera = await bootCamera({ engine: "mps3-an547" });
	try {
		camera.advanceUntil(
			() => camera.board.peripherals.camera.delivered > 0,
			ARMED_WITHIN,
			"the camera's start",
		);
		const live = camera.heap();
		const { heapPeakBytes, collections, processor } = camera.counters;
		if (processor === undefined) throw new Error("the engine is not the Cortex-M55 image");
		const millions = (instructions: number) => `${(instructions / 1e6).toFixed(1)} million instructions`;
		console.log(`ready: firmware ${manifest.buildId} on ${mcuImage()}`);
		console.log(`reset to ready   ${millions(processor.bootInstructions)}`);
		console.log(
			`first records    ${millions(processor.instructions)}, the longest ${millions(processor.longestRecord)}`,
		);
		console.log(
			`JavaScript heap  ${live} bytes live, peak ${heapPeakBytes} bytes, ${collections} collections`,
		);
		console.log(`C stack          peak ${processor.stackPeakBytes} bytes`);
	} finally {
		camera.close();
	}
}
