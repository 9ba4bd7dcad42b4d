import { createHash } from "node:crypto";
import { readArtefactHeader } from "@bodycam/firmware/artefact";

/** What the board has to know of an artefact. */
export interface ArtefactFacts {
	/** First 16 hexadecimal digits of its SHA-256. */
	readonly digest: string;
	/** Version of the engine it was made for, e.g. `13.3.0`. */
	readonly engineVersion: string;
}

/** Looks at an artefact; undefined when it is none. */
export function factsOfArtefact(artefact: Uint8Array): ArtefactFacts | undefined {
	const header = readArtefactHeader(artefact);
	if (header === undefined) return undefined;
	return {
		digest: createHash("sha256").update(artefact).digest("hex").slice(0, 16),
		engineVersion: header.engine.join("."),
	};
}
