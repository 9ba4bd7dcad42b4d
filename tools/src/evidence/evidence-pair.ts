import { readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../errors.ts";

/** What the file of a custody record ends with. */
export const RECORD_ENDING = ".custody.cbor";

/** What an encrypted recording ends with; a file of another kind of video would end with `.age` alone. */
export const AGE_ENDING = ".mp4.age";

/** The two files of a recording. */
export interface EvidencePair {
	/** What their names have in common: path and name without their endings. */
	readonly base: string;
	/** The encrypted recording. */
	readonly age: string;
	/** The custody record. */
	readonly record: string;
}

/** The files of a recording, by what their names have in common. */
export function evidenceFiles(base: string): EvidencePair {
	return { base, age: `${base}${AGE_ENDING}`, record: `${base}${RECORD_ENDING}` };
}

/**
 * The files of recordings that paths name: one of the two files of each, or a directory for all in it. Each recording is
 * there once, in the order in which it was named.
 * @throws {UsageError} when a path is not there, names something else, or a directory without a recording
 */
export function evidencePairs(paths: readonly string[]): EvidencePair[] {
	const pairs = new Map<string, EvidencePair>();
	for (const path of paths)
		for (const pair of pairsAt(path)) {
			const key = resolve(pair.base);
			if (!pairs.has(key)) pairs.set(key, pair);
		}
	return [...pairs.values()];
}

/** The pair a file belongs to, by its name; undefined when it is not named like one of the two. */
export function evidencePairOf(path: string): EvidencePair | undefined {
	for (const ending of [RECORD_ENDING, AGE_ENDING])
		if (basename(path).length > ending.length && path.endsWith(ending))
			return evidenceFiles(path.slice(0, -ending.length));
	return undefined;
}

function pairsAt(path: string): EvidencePair[] {
	const found = statSync(path, { throwIfNoEntry: false });
	if (found?.isDirectory() === true) return pairsIn(path);
	const pair = evidencePairOf(path);
	if (pair === undefined)
		throw new UsageError(
			found === undefined ? `there is no file ${path}` : `${path} is named like neither file of a recording`,
			{
				hint: `A recording is two files, NAME${AGE_ENDING} and NAME${RECORD_ENDING}: give one of them, or the directory they are in.`,
			},
		);
	if (found === undefined) throw new UsageError(`there is no file ${path}`);
	return [pair];
}

function pairsIn(directory: string): EvidencePair[] {
	const pairs = new Map<string, EvidencePair>();
	for (const name of readdirSync(directory).sort()) {
		const pair = evidencePairOf(join(directory, name));
		if (pair !== undefined) pairs.set(pair.base, pair);
	}
	if (pairs.size === 0)
		throw new UsageError(`there is no recording in ${directory}`, {
			hint: `A recording is two files, NAME${AGE_ENDING} and NAME${RECORD_ENDING}.`,
		});
	return [...pairs.values()];
}
