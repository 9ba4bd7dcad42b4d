import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildBootStage } from "@bodycam/firmware/boot-stage";
import { buildFirmware } from "@bodycam/firmware/build";
import { developmentKey } from "@bodycam/firmware/development-key";

/**
 * Builds the firmware artefacts once before the tests, so every scenario runs the current sources on the engine, and
 * the Cortex-M55 image where its toolchain is. In CI that must be everywhere; elsewhere what needs it is not run.
 */
export default async function setup(): Promise<void> {
	developmentKey();
	await buildFirmware();
	await buildBootStage();
	const program = join(import.meta.dirname, "../firmware/runtime/mps3-an547/build.mjs");
	const { status, stderr } = spawnSync(process.execPath, [program], { encoding: "utf8" });
	if (status !== 0 && process.env.CI !== undefined) throw new Error(stderr.trim());
}
