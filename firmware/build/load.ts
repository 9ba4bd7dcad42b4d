/**
 * Loading a firmware on the engine at build time: a firmware that dies while it is evaluated is not worth an image.
 */
import { FirmwareBuildError } from "./build-error.ts";
import { compileArtefact, type EngineInstance, instantiateEngine, placeBytes, textAt } from "./engine.ts";
import { BUNDLE_NAME, mapStack } from "./stack.ts";

/** The sizes a camera's engine has: heap, stack, names, and what loading may take in instructions. */
const HEAP_BYTES = 3 * 1024 * 1024;
const STACK_SLOTS = 4096;
const PROPERTY_NAMES = 16_384;
const METER_LIMIT = 50_000_000;
/** Enough media memory for what the firmware lays out before it is told how much there is. */
const MEDIA_BYTES = 1024 * 1024;

/** What a loaded firmware takes. */
export interface LoadReport {
	/** Bytes of the heap in use, garbage collected, besides what the engine itself takes. */
	readonly heapBytes: number;
	/** Bytes of the heap that the engine itself takes. */
	readonly engineHeapBytes: number;
	/** Instructions it took to evaluate. */
	readonly instructions: number;
}

/** A machine as a camera has it, nothing loaded. */
export function openEngine(artefactBytes: number): EngineInstance {
	const engine = instantiateEngine(HEAP_BYTES + MEDIA_BYTES + artefactBytes);
	engine.exports.bc_open(HEAP_BYTES, MEDIA_BYTES, STACK_SLOTS, PROPERTY_NAMES, METER_LIMIT, 1, 2);
	return engine;
}

/** Evaluates an artefact. @throws FirmwareBuildError with message and stack (lines of the bundle) when it dies */
export function loadArtefact(engine: EngineInstance, artefact: Uint8Array): void {
	if (engine.exports.bc_load(placeBytes(engine, artefact), artefact.length) === 0) return;
	const stack = textAt(engine, engine.exports.bc_fault_stack());
	const message = stack === "" ? textAt(engine, engine.exports.bc_fault_message()) : stack;
	throw new FirmwareBuildError(`The firmware dies while it is loaded:\n${message}`);
}

/**
 * Loads a firmware once and measures what it takes.
 * @param sourceMap - of the bundle
 * @throws FirmwareBuildError naming the TypeScript lines when it dies
 */
export function loadOnce(artefact: Uint8Array, sourceMap: string): LoadReport {
	const engineHeapBytes = measure(compileArtefact("", BUNDLE_NAME), sourceMap).live;
	const { live, instructions } = measure(artefact, sourceMap);
	return { heapBytes: live - engineHeapBytes, engineHeapBytes, instructions };
}

function measure(artefact: Uint8Array, sourceMap: string): { live: number; instructions: number } {
	const engine = openEngine(artefact.length);
	try {
		loadArtefact(engine, artefact);
	} catch (error) {
		if (!(error instanceof FirmwareBuildError)) throw error;
		throw new FirmwareBuildError(mapStack(error.message, sourceMap), { cause: error });
	}
	const instructions = engine.exports.bc_counter(0);
	return { live: engine.exports.bc_collect(), instructions };
}
