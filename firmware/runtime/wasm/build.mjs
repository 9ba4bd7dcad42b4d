/**
 * Builds the engine for wasm with emscripten. `--check` builds into a scratch folder and compares byte for byte with the
 * committed file. Needs emcc (Debian: emscripten 3.1.6, binaryen), git, npm and tar.
 */
import { execFileSync } from "node:child_process";
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
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileAll, DEFINES, engineFiles, engineIncludes, patchedSources, runtime } from "../xs-sources.mjs";

const EMSCRIPTEN = "3.1.6";

const committed = join(runtime, "xs-wasm", "xs.wasm");

const FEATURES = [
	"-O3",
	"-fno-common",
	"-mbulk-memory",
	"-msign-ext",
	"-mnontrapping-fptoint",
	"-sSUPPORT_LONGJMP=wasm",
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

function fail(message) {
	console.error(message);
	process.exit(1);
}

/** Every compilation: { source, object, flags }. */
function compilations(sources, objects) {
	const engineFolders = engineIncludes(sources);
	const ours = [join(runtime, "wasm"), join(runtime, "common")];
	const defines = [...DEFINES, "mxParse=1"].map((define) => `-D${define}`);
	const engine = engineFiles(sources).map((source) => ({
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

async function build(target) {
	const version = execFileSync("emcc", ["--version"], { encoding: "utf8" });
	if (!version.includes(` ${EMSCRIPTEN} `))
		fail(`emscripten ${EMSCRIPTEN} is needed, this is ${version.split("\n")[0]}`);
	const scratch = mkdtempSync(join(tmpdir(), "xs-wasm-"));
	try {
		const sources = patchedSources(scratch);
		const objects = join(scratch, "objects");
		mkdirSync(objects);
		const jobs = compilations(sources, objects);
		await compileAll("emcc", jobs);
		const linked = join(scratch, "xs.wasm");
		execFileSync("emcc", [...jobs.map((job) => job.object).sort(), ...FEATURES, ...LINK, "-o", linked], {
			stdio: "inherit",
		});
		// Whole or not at all: others may be reading the file.
		copyFileSync(linked, `${target}.new`);
		chmodSync(`${target}.new`, 0o644);
		renameSync(`${target}.new`, target);
	} catch (error) {
		fail(error.message);
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
