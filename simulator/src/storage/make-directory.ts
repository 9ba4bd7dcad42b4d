import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a directory and those above it that are missing. Node's own recursive `mkdir` tries for ever where the
 * system says "no such directory" below one that exists, as in /proc.
 * @param mode - permissions of what is made
 * @returns what was made, from the outermost on
 * @throws Error of the system (`NodeJS.ErrnoException`) when it cannot be made, or a file is in the way
 */
export function makeDirectory(path: string, mode = 0o777): string[] {
	const found = statSync(path, { throwIfNoEntry: false });
	if (found?.isDirectory()) return [];
	const parent = dirname(path);
	const made = found === undefined && parent !== path ? makeDirectory(parent, mode) : [];
	try {
		mkdirSync(path, { mode });
		made.push(path);
	} catch (error) {
		// Another process may have made it meanwhile.
		if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
	}
	return made;
}
