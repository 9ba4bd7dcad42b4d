/**
 * From the engine's error stacks, which name lines of the bundle, to lines of the TypeScript sources.
 */
import {
	LEAST_UPPER_BOUND,
	originalPositionFor,
	type SourceMapInput,
	TraceMap,
} from "@jridgewell/trace-mapping";

/** Name under which the bundle appears in error stacks. */
export const BUNDLE_NAME = "firmware.js";

/** One place in the bundle, as in `at tick (firmware.js:120)` or `firmware.js:7: syntax error`. */
const PLACE = /\bfirmware\.js:(\d+)/g;

/**
 * Replaces every `firmware.js:LINE` in a text by `FILE:LINE` of the source, relative to the repository. The
 * engine knows lines only, so a line of the bundle that holds several statements maps to its first. Lines
 * without a source stay as they are.
 * @param sourceMap the map that lies beside the artefact (`firmware.js.map`), as text or object.
 */
export function mapStack(stackText: string, sourceMap: SourceMapInput): string {
	const map = new TraceMap(sourceMap);
	return stackText.replace(PLACE, (place, digits: string) => {
		const line = Number(digits);
		if (line < 1) return place;
		const origin = originalPositionFor(map, { line, column: 0, bias: LEAST_UPPER_BOUND });
		return origin.source === null ? place : `${origin.source}:${origin.line}`;
	});
}
