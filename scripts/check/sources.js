import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/**
 * The repository's own source files, tracked or new, by path relative to the root.
 * @param {RegExp} pattern - which paths
 * @returns {Map<string, string>} path to text
 */
export function readSources(pattern) {
	const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
		cwd: root,
		encoding: "utf8",
	});
	const paths = listed.split("\n").filter((path) => pattern.test(path) && existsSync(join(root, path)));
	return new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}
