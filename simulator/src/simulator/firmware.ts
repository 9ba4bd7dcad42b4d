import { readFileSync } from "node:fs";
import { buildFirmware, type FirmwareBuild } from "@bodycam/firmware/build";
import { mapStack } from "@bodycam/firmware/stack";

/** A firmware to put into cameras. */
export interface Firmware {
	/** The artefact. */
	readonly artefact: Uint8Array;
	/** Maps the engine's stacks to lines of the sources. */
	mapStack(stack: string): string;
}

/**
 * The firmware of this project, built first if its sources have changed.
 * @throws FirmwareBuildError when it does not build
 */
export async function projectFirmware(): Promise<Firmware> {
	return builtFirmware(await buildFirmware());
}

/** A firmware that has been built. */
export function builtFirmware({ artefactFile, sourceMapFile }: FirmwareBuild): Firmware {
	let sourceMap: string | undefined;
	return {
		artefact: new Uint8Array(readFileSync(artefactFile)),
		mapStack: (stack) => {
			if (!stack.includes("firmware.js:")) return stack;
			sourceMap ??= readFileSync(sourceMapFile, "utf8");
			return mapStack(stack, sourceMap);
		},
	};
}
