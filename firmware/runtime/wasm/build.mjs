/**
 * Builds the engine: fetches the pinned npm package that carries the XS sources, checks it, applies the
 * patches, compiles with emscripten. `--check` builds into a scratch folder and compares byte for byte with
 * the committed file. Needs emcc (Debian: emscripten 3.1.6, binaryen), git, npm and tar.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "@agoric/xsnap@0.15.0";
const INTEGRITY =
	"sha512-ZBm4DZxbtfacxMHVVdJjZi0Y8zOxN77vpu1WwI5RWfPkaRh0aHkz/dVdTGKXalDNzWfz183lljKxlxl3/h0n+A==";
const EMSCRIPTEN = "3.1.6";

const runtime = fileURLToPath(new URL("..", import.meta.url));
const committed = join(runtime, "xs-wasm", "xs.wasm");

const FEATURES = [
	"-O3",
	"-fno-common",
	"-mbulk-memory",
	"-msign-ext",
	"-mnontrapping-fptoint",
	"-sSUPPORT_LONGJMP=wasm",
];
const DEFINES = [
	"INCLUDE_XSPLATFORM=1",
	'XSPLATFORM="platform.h"',
	"mxBoundsCheck=1",
	"mxDebug=1",
	"mxMetering=1",
	"mxMinusZero=1",
	"mxNoConsole=1",
	"mxParse=1",
	"mxRegExpUnicodePropertyEscapes=1",
	"mxRun=1",
	"mxStringNormalize=1",
];
const LINK = [
	"--no-entry",
	`--js-library=${fileURLToPath(new URL("host-functions.js", import.meta.url))}`,
	"-sSTANDALONE_WASM=1",
	"-sIMPORTED_MEMORY=1",
	"-sALLOW_MEMORY_GROWTH=1",
	"-sINITIAL_MEMORY=1048576",
	"-sMAXIMUM_MEMORY=536870912",
	"-sTOTAL_STACK=524288",
	"-sFILESYSTEM=0",
	"-Wl,--stack-first",
];
/** Sources of XS that this port does without: snapshots belong to another platform. */
const LEFT_OUT = new Set(["xsSnapshot.c"]);

function fail(message) {
	console.error(message);
	process.exit(1);
}

/** Unpacks the pinned package into `scratch` and returns the folder of the sources. */
function fetchSources(scratch) {
	execFileSync("npm", ["pack", PACKAGE, "--silent", "--pack-destination", scratch], {
		cwd: scratch,
		stdio: ["ignore", "ignore", "inherit"],
		shell: process.platform === "win32",
	});
	const archive = readdirSync(scratch).find((name) => name.endsWith(".tgz"));
	if (archive === undefined) fail(`npm pack ${PACKAGE} left no archive`);
	const bytes = readFileSync(join(scratch, archive));
	const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
	if (integrity !== INTEGRITY)
		fail(`${PACKAGE} is not the pinned one:\n  got  ${integrity}\n  want ${INTEGRITY}`);
	execFileSync("tar", ["-xzf", archive], { cwd: scratch });
	return join(scratch, "package", "moddable");
}

/** Applies every patch, in the order of their names. */
function applyPatches(sources) {
	const folder = join(runtime, "patches");
	for (const name of readdirSync(folder).sort()) {
		if (!name.endsWith(".patch")) continue;
		execFileSync("git", ["apply", "-p1", "--whitespace=nowarn", join(folder, name)], {
			cwd: join(sources, ".."),
			env: { ...process.env, GIT_CEILING_DIRECTORIES: join(sources, "..", "..") },
			stdio: "inherit",
		});
	}
}

/** Every compilation: { source, object, flags }. */
function compilations(sources, objects) {
	const xs = join(sources, "xs");
	const engineFolders = [join(xs, "includes"), join(xs, "platforms"), join(xs, "sources")];
	const ours = [join(runtime, "wasm"), join(runtime, "common")];
	const defines = DEFINES.map((define) => `-D${define}`);
	const text = join(sources, "modules", "data", "text");
	const engine = readdirSync(join(xs, "sources"))
		.filter((name) => name.endsWith(".c") && !LEFT_OUT.has(name))
		.map((name) => join(xs, "sources", name))
		.concat(join(text, "decoder", "textdecoder.c"), join(text, "encoder", "textencoder.c"))
		.map((source) => ({
			source,
			object: join(objects, `${basename(source)}.o`),
			flags: [
				"-w",
				...FEATURES,
				// a switch, not computed goto: wasm has no jump to an address
				...(basename(source) === "xsRun.c" ? ["-U__OPTIMIZE__"] : []),
				...defines,
				...[...ours, ...engineFolders].map((folder) => `-I${folder}`),
			],
		}));
	const port = ours.flatMap((folder) =>
		readdirSync(folder)
			.filter((name) => name.endsWith(".c"))
			.map((name) => ({
				source: join(folder, name),
				object: join(objects, `port-${name}.o`),
				flags: [
					"-std=gnu11",
					"-Wall",
					"-Wextra",
					"-Werror",
					...FEATURES,
					...defines,
					...ours.map((path) => `-I${path}`),
					...engineFolders.flatMap((path) => ["-isystem", path]),
				],
			})),
	);
	return [...engine, ...port];
}

/** Compiles, as many at a time as there are processors. */
async function compileAll(jobs) {
	const queue = [...jobs];
	const worker = async () => {
		for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
			const { source, object, flags } = job;
			const status = await new Promise((resolve, reject) => {
				const child = spawn(
					"emcc",
					[...flags, `-ffile-prefix-map=${source}=${basename(source)}`, "-c", source, "-o", object],
					{
						stdio: ["ignore", "inherit", "inherit"],
					},
				);
				child.once("error", reject);
				child.once("close", resolve);
			});
			if (status !== 0) fail(`${basename(source)} does not compile`);
		}
	};
	await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

async function build(target) {
	const version = execFileSync("emcc", ["--version"], { encoding: "utf8" });
	if (!version.includes(` ${EMSCRIPTEN} `))
		fail(`emscripten ${EMSCRIPTEN} is needed, this is ${version.split("\n")[0]}`);
	const scratch = mkdtempSync(join(tmpdir(), "xs-wasm-"));
	try {
		const sources = fetchSources(scratch);
		applyPatches(sources);
		const objects = join(scratch, "objects");
		mkdirSync(objects);
		const jobs = compilations(sources, objects);
		await compileAll(jobs);
		const linked = join(scratch, "xs.wasm");
		execFileSync("emcc", [...jobs.map((job) => job.object).sort(), ...FEATURES, ...LINK, "-o", linked], {
			stdio: "inherit",
		});
		// Whole or not at all: others may be reading the file.
		copyFileSync(linked, `${target}.new`);
		chmodSync(`${target}.new`, 0o644);
		renameSync(`${target}.new`, target);
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

if (process.argv.includes("--check")) {
	const folder = mkdtempSync(join(tmpdir(), "xs-wasm-check-"));
	try {
		const rebuilt = join(folder, "xs.wasm");
		await build(rebuilt);
		if (!existsSync(committed) || !readFileSync(rebuilt).equals(readFileSync(committed)))
			fail(
				"the committed engine is not what its sources give: run npm run engine:build and commit the result",
			);
		console.log("the committed engine is what its sources give");
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
} else {
	await build(committed);
	console.log(`${committed}: ${readFileSync(committed).length} bytes`);
}
