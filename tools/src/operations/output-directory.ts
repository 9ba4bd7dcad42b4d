import { accessSync, constants, lstatSync, rmdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeDirectory } from "@bodycam/simulator/storage/make-directory";
import { UsageError } from "../errors.ts";

const HINT = "Give a directory for --out that you may write to.";

/**
 * Makes a directory for results, unless it is there.
 * @returns what was made, from the outermost on
 * @throws {UsageError} when it cannot be made or written to
 */
export function outputDirectory(path: string): string[] {
	if (path === "") throw new UsageError("--out is empty", { hint: HINT });
	const file = fileOnTheWay(path);
	if (file !== undefined) {
		const hint = "Give a directory for --out, or another name.";
		throw new UsageError(
			`${file} is a file${file === path ? ", give a directory" : `: ${path} cannot be made`}`,
			{
				hint,
			},
		);
	}
	try {
		const made = makeDirectory(path);
		accessSync(path, constants.W_OK | constants.X_OK);
		return made;
	} catch (error) {
		throw new UsageError(`${path} cannot take the files: ${reasonOf(error)}`, { hint: HINT, cause: error });
	}
}

/**
 * Makes sure that a result can take the place of what is there: a plain file, a link, or nothing.
 * @throws {UsageError} when something else is in the way
 */
export function checkReplaceable(directory: string, name: string): void {
	const path = join(directory, name);
	const found = lstatSync(path, { throwIfNoEntry: false });
	if (found === undefined || found.isFile() || found.isSymbolicLink()) return;
	throw new UsageError(
		`${path} is ${found.isDirectory() ? "a directory" : "no plain file"}: it is in the way`,
		{
			hint: "Move it away, or give another directory for --out.",
		},
	);
}

/** Removes directories again that `outputDirectory` made, those that are empty. */
export function removeEmpty(made: readonly string[]): void {
	for (const path of made.toReversed()) {
		try {
			rmdirSync(path);
		} catch {
			// Something is in it: it stays.
			return;
		}
	}
}

/** The path itself or the nearest thing above it that is there, when that is no directory. */
function fileOnTheWay(path: string): string | undefined {
	for (let at = path; ; at = dirname(at)) {
		let found: ReturnType<typeof statSync>;
		try {
			found = statSync(at, { throwIfNoEntry: false });
		} catch {
			// It is below a file, or below what may not be looked at: making it says which.
			found = undefined;
		}
		if (found !== undefined) return found.isDirectory() ? undefined : at;
		if (dirname(at) === at) return undefined;
	}
}

function reasonOf(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException;
	const reasons: Record<string, string> = {
		EACCES: "permission denied",
		EPERM: "not permitted",
		ENOENT: "there is no such directory above it",
		EROFS: "the file system is read-only",
		ENOSPC: "the disk is full",
		ENAMETOOLONG: "the name is too long",
	};
	return reasons[code ?? ""] ?? message;
}
