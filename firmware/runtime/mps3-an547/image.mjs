/**
 * Makes the Cortex-M55 image: compiles the engine without its parser, the port and the crypto backend, and links them
 * with libsodium and newlib. The same inputs give the same bytes in whatever folder they are compiled.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
	compileAll,
	DEFINES,
	engineFiles,
	engineIncludes,
	patchedSources,
	patchFiles,
	runtime,
	SOURCES_ID,
} from "../xs-sources.mjs";
import { libsodium } from "./libsodium.mjs";
import { memoryNeeds, moduleSizes, sectionSizes } from "./size-report.mjs";
import { COMPILER, libraryFile, missingPackages } from "./toolchain.mjs";

/** Where the image goes, `firmware/dist/mps3-an547`. */
export const dist = fileURLToPath(new URL("../../dist/mps3-an547", import.meta.url));

/** Sources of the port that this target does without: the parser is the wasm engine's. */
const LEFT_OUT = new Set(["compile.c"]);
const TARGET = ["-mcpu=cortex-m55", "-mfloat-abi=hard", "-mthumb"];
/** Measured, see docs/decisions: vectors the compiler finds by itself make the engine slower. */
const COMPILE = [
	...TARGET,
	"-O2",
	"-fno-tree-vectorize",
	"-ffunction-sections",
	"-fdata-sections",
	"-fno-common",
	"-g",
];
const WARNINGS = ["-std=gnu11", "-Wall", "-Wextra", "-Wshadow", "-Wstrict-prototypes", "-Werror"];
const LINK = [...TARGET, "-nostartfiles", "-Wl,--gc-sections", "-Wl,--fatal-warnings", "-Wl,--build-id=none"];
const SCRIPT = join(runtime, "mps3-an547", "mps3-an547.ld");

/** The folders of the port, with the names their objects carry. */
export const PORT = [
	["common", join(runtime, "common")],
	["mps3-an547", join(runtime, "mps3-an547")],
	["crypto", join(runtime, "mps3-an547", "crypto")],
	["selftest", join(runtime, "mps3-an547", "selftest")],
];
/**
 * The images: the one that is released, one whose program does what must never happen, and the first one with a record
 * that does it in the middle of its work. Each leaves out what is the others'.
 */
const IMAGES = {
	bodycam: { without: /^port-selftest-/, link: [] },
	selftest: { without: /^port-(mps3-an547-main|selftest-faulty-delivery)\.o$/, link: [] },
	faulty: { without: /^port-selftest-main\.o$/, link: ["-Wl,--wrap=bcMachineDeliver,--wrap=bcWatchdogOpen"] },
};
/** What a build leaves; the manifest last, for it says that the others are there. */
const RESULTS = ["selftest.elf", "faulty.elf", "bodycam.map", "bodycam.elf", "bodycam.json"];

const digest = (...parts) => {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part).update("\0");
	return hash.digest("hex");
};

/** The files of a folder with one of these endings, sorted. */
function filesOf(folder, ...endings) {
	return readdirSync(folder)
		.filter((name) => endings.some((ending) => name.endsWith(ending)) && !LEFT_OUT.has(name))
		.sort()
		.map((name) => join(folder, name));
}

/** The C sources of the port: `{ part, source }`. */
export function portSources() {
	return PORT.flatMap(([part, folder]) => filesOf(folder, ".c").map((source) => ({ part, source })));
}

/** Name and content of every file. */
const contents = (files) => files.flatMap((file) => [basename(file), readFileSync(file)]);

/** What every object depends on: the compiler and its libraries, the flags, the patches and what XS asks of a platform. */
function platformId() {
	return digest(
		SOURCES_ID,
		execFileSync(COMPILER, ["--version"]),
		...["libc.a", "libm.a", "libgcc.a"].map((name) => readFileSync(libraryFile(name))),
		...contents([
			...patchFiles(),
			join(runtime, "common", "machine-platform.h"),
			join(runtime, "mps3-an547", "platform.h"),
		]),
		JSON.stringify([COMPILE, WARNINGS, LINK, DEFINES]),
	);
}

/** The same for the objects of the port, which see all its headers. */
function portId() {
	return digest(platformId(), ...contents(PORT.flatMap(([, folder]) => filesOf(folder, ".h"))));
}

/** The engine's sources, unpacked and patched, from the folder that keeps them. */
export function engineSources() {
	const key = digest(SOURCES_ID, ...contents(patchFiles())).slice(0, 16);
	const folder = join(dist, `xs-${key}`);
	if (!existsSync(folder)) {
		mkdirSync(dist, { recursive: true });
		const scratch = mkdtempSync(join(dist, ".xs-"));
		try {
			patchedSources(scratch);
			renameSync(scratch, folder);
		} catch (error) {
			if (!existsSync(folder)) throw error;
		} finally {
			rmSync(scratch, { recursive: true, force: true });
		}
	}
	return join(folder, "package", "moddable");
}

/** The compilations; the objects of the engine and of the port have names that tell them apart. */
function compilations(sources, objects, sodium, buildId) {
	const includes = engineIncludes(sources);
	const ours = PORT.map(([, folder]) => folder);
	const defines = DEFINES.map((define) => `-D${define}`);
	const prefixes = [
		`-ffile-prefix-map=${sources}=xs`,
		`-ffile-prefix-map=${runtime}=runtime/`,
		`-ffile-prefix-map=${sodium.include}=libsodium`,
		`-fdebug-prefix-map=${process.cwd()}=.`,
	];
	const engine = engineFiles(sources).map((source) => ({
		source,
		object: join(objects, `${basename(source, ".c")}.o`),
		flags: [
			"-w",
			...COMPILE,
			// the interpreter's own loop takes fewest instructions when it is small
			...(basename(source) === "xsRun.c" ? ["-Os"] : []),
			...prefixes,
			...defines,
			...[...ours, ...includes].map((folder) => `-I${folder}`),
		],
	}));
	const port = portSources().map(({ part, source }) => ({
		source,
		object: join(objects, `port-${part}-${basename(source, ".c")}.o`),
		flags: [
			...WARNINGS,
			...COMPILE,
			...prefixes,
			...defines,
			...(basename(source) === "build-id.c" ? [`-DBC_BUILD_ID="${buildId}"`] : []),
			...ours.map((folder) => `-I${folder}`),
			...[...includes, sodium.include].flatMap((folder) => ["-isystem", folder]),
		],
	}));
	return [...engine, ...port];
}

/** Compiles what is not in the cache. @returns {Promise<string[]>} the objects */
async function objectsOf(jobs, cache) {
	const ids = { engine: platformId(), port: portId() };
	mkdirSync(cache, { recursive: true });
	const cached = jobs.map((job) => {
		const key = digest(
			basename(job.object).startsWith("port-") ? ids.port : ids.engine,
			basename(job.object),
			job.flags.join(" "),
			readFileSync(job.source),
		).slice(0, 32);
		return { ...job, kept: join(cache, `${key}.o`) };
	});
	const stale = cached.filter(({ kept }) => !existsSync(kept));
	try {
		await compileAll(COMPILER, stale);
	} finally {
		// What did compile is kept, also when something else did not.
		for (const { object, kept } of stale) if (existsSync(object)) copyFileSync(object, kept);
	}
	for (const { object, kept } of cached) if (!existsSync(object)) copyFileSync(kept, object);
	const used = new Set(cached.map(({ kept }) => basename(kept)));
	for (const name of readdirSync(cache)) if (!used.has(name)) rmSync(join(cache, name), { force: true });
	return cached.map(({ object }) => object);
}

/** The build id: the first 16 hexadecimal digits of a hash over everything the image is made from. */
function buildIdOf(sodium) {
	const recipe = contents([SCRIPT, fileURLToPath(import.meta.url), join(runtime, "xs-sources.mjs")]);
	return digest(
		portId(),
		sodium.sha256,
		...recipe,
		...contents(portSources().map(({ source }) => source)),
	).slice(0, 16);
}

/**
 * Where an image lies and what it is made of.
 * @typedef {object} Image
 * @property {string} file `bodycam.elf`
 * @property {string} buildId
 * @property {boolean} rebuilt
 * @property {Record<string, number>} sections
 * @property {{ flash: number, ram: number }} needs
 * @property {import("./size-report.mjs").ModuleSize[]} modules
 */

/** The image in a folder if it was made from these inputs. */
function existing(folder, buildId) {
	const file = join(folder, "bodycam.elf");
	const manifest = join(folder, "bodycam.json");
	if (!existsSync(manifest)) return undefined;
	const known = JSON.parse(readFileSync(manifest, "utf8"));
	return known.buildId === buildId && RESULTS.every((name) => existsSync(join(folder, name)))
		? { file, rebuilt: false, ...known }
		: undefined;
}

/**
 * Builds the image if an input changed since it was built.
 * @param {{ folder?: string, fresh?: boolean }} [options] `folder` for the results; `fresh` compiles everything anew
 * @returns {Promise<Image>}
 * @throws Error when a tool is missing or something does not compile
 */
export async function buildImage({ folder = dist, fresh = false } = {}) {
	const missing = missingPackages({ onlyToBuild: true });
	if (missing.length > 0)
		throw new Error(`the image cannot be built without ${missing.join(", ")}: run npm run mcu:setup`);
	const sodium = await libsodium();
	const buildId = buildIdOf(sodium);
	const known = fresh ? undefined : existing(folder, buildId);
	if (known) return known;
	mkdirSync(folder, { recursive: true });
	const scratch = mkdtempSync(join(folder, ".image-"));
	try {
		const objects = join(scratch, "objects");
		mkdirSync(objects);
		const jobs = compilations(engineSources(), objects, sodium, buildId);
		const cache = fresh ? join(scratch, "cache") : join(dist, "objects");
		const files = await objectsOf(jobs, cache);
		for (const [name, { without, link }] of Object.entries(IMAGES)) {
			const objectNames = files.map((file) => basename(file)).filter((object) => !without.test(object));
			const output = [
				...link,
				"-T",
				SCRIPT,
				`-Wl,-Map=${join(scratch, `${name}.map`)}`,
				"-o",
				join(scratch, `${name}.elf`),
			];
			execFileSync(COMPILER, [...LINK, ...output, ...objectNames.sort(), sodium.archive, "-lm"], {
				cwd: objects,
				stdio: "inherit",
			});
		}
		const linked = join(scratch, "bodycam.elf");
		const sections = sectionSizes(execFileSync("arm-none-eabi-size", ["-A", linked], { encoding: "utf8" }));
		const modules = moduleSizes(readFileSync(join(scratch, "bodycam.map"), "utf8"));
		const manifest = { buildId, sections, needs: memoryNeeds(sections), modules };
		writeFileSync(join(scratch, "bodycam.json"), `${JSON.stringify(manifest, null, "\t")}\n`);
		for (const name of RESULTS) renameSync(join(scratch, name), join(folder, name));
		return { file: join(folder, "bodycam.elf"), rebuilt: true, ...manifest };
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}
