/**
 * The boot stage: the second artefact, for the same engine, which every board has in its read-only memory.
 */
import { join } from "node:path";
import { buildFirmware, type FirmwareBuild, projectRoot } from "./build.ts";

/**
 * Builds the boot stage if its sources, the engine or the recipe changed since the last time, to `firmware/dist/boot`.
 * @throws FirmwareBuildError naming file and line of what does not build
 */
export function buildBootStage(): Promise<FirmwareBuild> {
	const firmware = join(projectRoot(), "firmware");
	return buildFirmware({
		entry: join(firmware, "src", "boot", "main.ts"),
		outDir: join(firmware, "dist", "boot"),
	});
}
