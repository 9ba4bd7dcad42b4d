import { buildOfSourceMap, findSourceMap } from "@bodycam/firmware/source-maps";
import { UsageError } from "../errors.ts";
import { readWhole } from "./files.ts";

/**
 * The source map of a build: the one in a file, or the one that is kept in this checkout; undefined when it is not there.
 * @param build - build id, hexadecimal
 * @throws {UsageError} when the file is no source map, or that of another build
 */
export function sourceMapOf(build: string, file: string | undefined): string | undefined {
	if (file === undefined) return findSourceMap(build);
	const text = Buffer.from(readWhole(file)).toString("utf8");
	const named = buildIn(text, file);
	if (named === build) return text;
	throw new UsageError(
		named === undefined
			? `${file} does not say which build it is of`
			: `${file} is the source map of build ${named}; what died is build ${build}`,
		{
			hint: "Give the .map file that `bodycam firmware build` wrote beside the image the camera ran.",
		},
	);
}

function buildIn(text: string, file: string): string | undefined {
	try {
		return buildOfSourceMap(text);
	} catch (error) {
		throw notAMap(file, error);
	}
}

/** What is to be said of a file that is no source map. */
export function notAMap(file: string, cause: unknown): UsageError {
	return new UsageError(`${file} is no source map`, {
		hint: "Give the .map file that `bodycam firmware build` wrote beside the image.",
		cause,
	});
}
