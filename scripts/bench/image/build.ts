import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { mcuMissing } from "@bodycam/simulator/testing/engines";

/** Builds the image if an input changed. @returns what is missing to measure it here, for people; empty when nothing is */
export function prepareImage(): string {
	const program = join(process.cwd(), "firmware/runtime/mps3-an547/build.mjs");
	const { status, stderr } = spawnSync(process.execPath, [program], { encoding: "utf8" });
	return status === 0 ? mcuMissing() : stderr.trim();
}
