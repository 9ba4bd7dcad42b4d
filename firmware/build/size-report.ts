import { readFileSync } from "node:fs";
import { readArtefactHeader } from "./artefact.ts";
import type { FirmwareBuild } from "./build.ts";
import { loadOnce } from "./load.ts";
import { addSizes, type ModuleSize, measureModules } from "./module-sizes.ts";

/** What the modules of one folder, or of one package from outside, take together. */
export type PartSize = ModuleSize & {
	/** How many they are. */
	readonly modules: number;
};

/** What a firmware takes, and what takes it. */
export interface SizeReport {
	/** Bytes of the artefact: header, names, code. */
	readonly artefactBytes: number;
	/** Bytes of JavaScript in the bundle. */
	readonly sourceBytes: number;
	/** Bytes of the names in the artefact. */
	readonly namesBytes: number;
	/** Bytes of code that belong to no module: what links them. */
	readonly linkageBytes: number;
	/** Bytes of the heap after it was loaded, besides what the engine itself takes. */
	readonly heapBytes: number;
	/** Bytes of the heap that the engine itself takes. */
	readonly engineHeapBytes: number;
	/** Instructions it takes to load. */
	readonly loadInstructions: number;
	/** By folder, the largest bytecode first. */
	readonly parts: readonly PartSize[];
	/** By module, the largest bytecode first. */
	readonly modules: readonly ModuleSize[];
}

/**
 * Loads a built firmware on the engine and measures it.
 * @throws FirmwareBuildError when it dies while it is loaded
 */
export function reportSizes(build: FirmwareBuild): SizeReport {
	const artefact = new Uint8Array(readFileSync(build.artefactFile));
	const source = readFileSync(build.bundleFile, "utf8");
	const load = loadOnce(artefact, readFileSync(build.sourceMapFile, "utf8"));
	const modules = measureModules(source, build.inputs).sort(largestFirst);
	const header = readArtefactHeader(artefact);
	const attributed = modules.reduce((total, { bytecodeBytes }) => total + bytecodeBytes, 0);
	return {
		artefactBytes: artefact.length,
		sourceBytes: Buffer.byteLength(source),
		namesBytes: header?.namesBytes ?? 0,
		linkageBytes: (header?.codeBytes ?? 0) - attributed,
		heapBytes: load.heapBytes,
		engineHeapBytes: load.engineHeapBytes,
		loadInstructions: load.instructions,
		parts: groupByPart(modules),
		modules,
	};
}

/** The folder or package that a module is counted to: `firmware/src/recorder`, `node_modules/cbor-x`. */
export function partOf(path: string): string {
	const parts = path.split("/");
	const packaged = parts.lastIndexOf("node_modules");
	if (packaged >= 0) {
		const scoped = parts[packaged + 1]?.startsWith("@") === true;
		return parts.slice(packaged, packaged + (scoped ? 3 : 2)).join("/");
	}
	return parts.slice(0, Math.min(3, parts.length - 1)).join("/") || ".";
}

function groupByPart(modules: readonly ModuleSize[]): PartSize[] {
	const parts = new Map<string, PartSize>();
	for (const module of modules) {
		const path = partOf(module.path);
		const before = parts.get(path);
		parts.set(path, {
			...(before === undefined ? { ...module, path } : addSizes(path, before, module)),
			modules: (before?.modules ?? 0) + 1,
		});
	}
	return [...parts.values()].sort(largestFirst);
}

function largestFirst(a: ModuleSize, b: ModuleSize): number {
	return b.bytecodeBytes - a.bytecodeBytes || (a.path < b.path ? -1 : 1);
}
