import { readFileSync } from "node:fs";
import { buildBootStage } from "@bodycam/firmware/boot-stage";
import { buildFirmware, type FirmwareBuild } from "@bodycam/firmware/build";
import { developmentImage } from "@bodycam/firmware/development-image";
import { developmentSigner } from "@bodycam/firmware/development-key";
import { findSourceMap } from "@bodycam/firmware/source-maps";
import { BUNDLE_NAME, mapStack } from "@bodycam/firmware/stack";
import type { BoardFirmware, StagedFirmware } from "../board/board-firmware.ts";

/** A firmware as an image that a boot stage verifies and starts. */
export interface StagedImage extends StagedFirmware {
	/** The image: what is installed in a new camera. */
	readonly image: Uint8Array;
}

/** A firmware to put into cameras. */
export interface Firmware {
	/** The artefact. */
	readonly artefact: Uint8Array;
	/** How it is booted; without it, it is put straight into the engine. */
	readonly staged?: StagedImage;
	/**
	 * Maps the engine's stacks to lines of the sources.
	 * @param build - build id of what died: what somebody has flashed is mapped by its own source map, if that is here
	 */
	mapStack(stack: string, build?: string): string;
}

/**
 * The firmware of this project and its boot stage, built first if their sources have changed; its image is signed with
 * the development key.
 * @param keys - public keys that cameras trust besides the development key
 * @throws FirmwareBuildError when it does not build
 */
export async function projectFirmware(keys: readonly Uint8Array[] = []): Promise<Firmware> {
	return builtFirmware(await buildFirmware(), keys);
}

/**
 * A firmware that has been built, with the project's boot stage.
 * @param keys - public keys that cameras trust besides the development key
 */
export async function builtFirmware(
	built: FirmwareBuild,
	keys: readonly Uint8Array[] = [],
): Promise<Firmware> {
	const stage = await buildBootStage();
	const artefact = new Uint8Array(readFileSync(built.artefactFile));
	const own = stackMapper(built.sourceMapFile);
	const { buildId } = built.manifest;
	return {
		artefact,
		mapStack: (stack, build = buildId) => (build === buildId ? own(stack) : mapFlashed(stack, build)),
		staged: {
			bootStage: new Uint8Array(readFileSync(stage.artefactFile)),
			mapStack: stackMapper(stage.sourceMapFile),
			keys: [developmentSigner().publicKey, ...keys],
			developmentKeys: [developmentSigner().publicKey],
			image: developmentImage(artefact, built.manifest.buildId),
		},
	};
}

function mapFlashed(stack: string, build: string): string {
	const sourceMap = stack.includes(`${BUNDLE_NAME}:`) ? findSourceMap(build) : undefined;
	return sourceMap === undefined ? stack : mapStack(stack, sourceMap);
}

function stackMapper(sourceMapFile: string): (stack: string) => string {
	let sourceMap: string | undefined;
	return (stack) => {
		if (!stack.includes("firmware.js:")) return stack;
		sourceMap ??= readFileSync(sourceMapFile, "utf8");
		return mapStack(stack, sourceMap);
	};
}

/** What a board runs of a firmware. */
export function boardFirmware({ artefact, staged }: Firmware): BoardFirmware {
	return staged ?? { artefact };
}
