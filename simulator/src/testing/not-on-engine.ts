import type { EngineName } from "../machine/engine-name.ts";

/** A scenario that an engine does not run. */
export interface NotOnEngine {
	/** The engine. */
	readonly engine: EngineName;
	/** The test's file, in `simulator/src/scenario`. */
	readonly file: string;
	/** Its full name, parts joined by " > ". */
	readonly test: string;
	/** Why it cannot run there. */
	readonly reason: string;
}

/** Every scenario runs on every engine, but for these. */
export const NOT_ON_ENGINE: readonly NotOnEngine[] = [];
