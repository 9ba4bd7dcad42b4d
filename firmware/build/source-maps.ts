/**
 * The source maps of builds by their build ids, so that the stack of a camera that died can be mapped to lines of the
 * sources long after its firmware was built.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";

/** Maps that are kept; the ones written first go. */
const KEPT = 200;

const ENDING = ".js.map";

/** Member of a source map that names its build. */
const BUILD_MEMBER = "x_bodycam_build";

/** A source map that names the build it is of. */
export function labelSourceMap(sourceMap: string, buildId: string): string {
	return JSON.stringify({ ...(JSON.parse(sourceMap) as object), [BUILD_MEMBER]: buildId });
}

/**
 * The build a source map is of; undefined when it does not say.
 * @throws SyntaxError when it is no JSON
 */
export function buildOfSourceMap(sourceMap: string): string | undefined {
	const map: unknown = JSON.parse(sourceMap);
	const build = typeof map === "object" && map !== null ? Object.entries(map) : [];
	const named = build.find(([name]) => name === BUILD_MEMBER)?.[1];
	return typeof named === "string" ? named : undefined;
}

function folder(): string {
	const firmware = dirname(createRequire(import.meta.url).resolve("@bodycam/firmware/package.json"));
	return join(firmware, "dist", "maps");
}

/** Keeps the source map of a build. @param directory - instead of `firmware/dist/maps` */
export function keepSourceMap(buildId: string, sourceMap: string, directory: string = folder()): void {
	mkdirSync(directory, { recursive: true });
	const file = join(directory, buildId + ENDING);
	writeFileSync(`${file}.${process.pid}.tmp`, sourceMap);
	renameSync(`${file}.${process.pid}.tmp`, file);
	const maps = readdirSync(directory).filter((name) => name.endsWith(ENDING));
	if (maps.length <= KEPT) return;
	const age = (name: string) => statSync(join(directory, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
	const oldest = maps.map((name) => [name, age(name)] as const).sort(([, a], [, b]) => a - b);
	for (const [name] of oldest.slice(0, maps.length - KEPT)) rmSync(join(directory, name), { force: true });
}

/** The source map of a build; undefined when it is not kept here. @param directory - instead of `firmware/dist/maps` */
export function findSourceMap(buildId: string, directory: string = folder()): string | undefined {
	// It comes from a camera, and becomes a name of a file.
	if (!/^[0-9a-f]{1,64}$/.test(buildId)) return undefined;
	try {
		return readFileSync(join(directory, buildId + ENDING), "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}
