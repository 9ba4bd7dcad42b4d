import { createHash } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "..", "..");
const DIST = join(ROOT, "tools", "dist");
const ENTRY = "bodycam.js";
const MANIFEST = join(DIST, "bodycam.inputs.json");

/** Files that steer the build without being bundled. */
const STEERING = [
	fileURLToPath(import.meta.url),
	...["protocol", "firmware", "simulator", "tools"].map((name) => join(ROOT, name, "package.json")),
];

/** Chunks of older builds stay this long (ms): a command still running may load one of them late. */
const KEEP_OLD_CHUNKS_MS = 24 * 3600 * 1000;

/** The bundle cannot be made; `hint` says what to do next. */
export class BundleError extends Error {
	/**
	 * @param {string} message what is wrong
	 * @param {string} hint what to do next
	 */
	constructor(message, hint) {
		super(message);
		this.name = "BundleError";
		this.hint = hint;
	}
}

/**
 * Builds tools/dist/bodycam.js from tools/src/cli/main.ts when one of its inputs changed.
 * @returns {Promise<URL>} the program to import
 * @throws {BundleError} when dependencies are missing or the sources do not build
 */
export async function ensureBundle() {
	const manifest = readManifest();
	const state = manifest === undefined ? "stale" : inspect(manifest);
	if (state === "touched") writeManifest(manifest);
	if (state === "stale") await build();
	return pathToFileURL(join(DIST, ENTRY));
}

/**
 * Loads the program.
 * @param {URL} entry as `ensureBundle` returned it
 * @returns {Promise<{ run(argv: string[]): Promise<void> }>}
 * @throws {BundleError} when a package it needs is not installed
 */
export async function importProgram(entry) {
	try {
		return await import(entry.href);
	} catch (error) {
		throw error.code === "ERR_MODULE_NOT_FOUND" ? notInstalled() : error;
	}
}

/** @returns {{ inputs: Record<string, Input>, outputs: string[] } | undefined} what the last build was made of */
function readManifest() {
	try {
		return JSON.parse(readFileSync(MANIFEST, "utf8"));
	} catch {
		return undefined;
	}
}

/**
 * Compares inputs by time and size, and by content where those differ (a checkout touches files without
 * changing them). Records the new times of unchanged files in the manifest.
 * @returns {"fresh" | "touched" | "stale"}
 */
function inspect(manifest) {
	for (const name of manifest.outputs) if (!existsSync(join(DIST, name))) return "stale";
	let state = "fresh";
	for (const [path, known] of Object.entries(manifest.inputs)) {
		let now;
		try {
			now = statSync(join(ROOT, path));
		} catch {
			return "stale";
		}
		if (now.mtimeMs === known.mtimeMs && now.size === known.size) continue;
		if (digest(join(ROOT, path)) !== known.sha256) return "stale";
		known.mtimeMs = now.mtimeMs;
		known.size = now.size;
		state = "touched";
	}
	return state;
}

/** Bundles our sources, third-party packages staying outside, and publishes the result file by file. */
async function build() {
	const esbuild = await loadEsbuild();
	const startedMs = Date.now();
	let result;
	try {
		result = await esbuild.build({
			entryPoints: { bodycam: join(ROOT, "tools", "src", "cli", "main.ts") },
			absWorkingDir: ROOT,
			outdir: DIST,
			write: false,
			metafile: true,
			bundle: true,
			splitting: true,
			format: "esm",
			platform: "node",
			target: "node20",
			sourcemap: "linked",
			sourcesContent: false,
			chunkNames: "chunk-[hash]",
			logLevel: "silent",
			tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: "es2022" } },
			plugins: [ownPackagesInside],
		});
	} catch (error) {
		throw new BundleError("the tools do not build", describeFailure(error));
	}
	publish(result.outputFiles);
	writeManifest({
		inputs: fingerprint(Object.keys(result.metafile.inputs), startedMs),
		outputs: result.outputFiles.map((file) => relative(DIST, file.path)),
	});
	pruneChunks(new Set(result.outputFiles.map((file) => relative(DIST, file.path))));
}

async function loadEsbuild() {
	try {
		return await import("esbuild");
	} catch {
		throw notInstalled();
	}
}

function notInstalled() {
	return new BundleError("the project's dependencies are not installed.", `Run \`npm ci\` in ${ROOT} first.`);
}

/**
 * `@bodycam/…` and relative imports are bundled, every other package stays an import of its own. A module that
 * finds its files through `import.meta.url` keeps its own place although it now lives in the bundle.
 */
const ownPackagesInside = {
	name: "own-packages-inside",
	setup(build) {
		build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
			kind === "entry-point" || path.startsWith("@bodycam/") ? undefined : { path, external: true },
		);
		build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
			const source = readFileSync(path, "utf8");
			if (!source.includes("import.meta.")) return undefined;
			const place = relative(DIST, path).split(sep).join("/");
			const url = `new URL(${JSON.stringify(place)}, import.meta.url)`;
			const contents = source
				.replaceAll(/\bimport\.meta\.url\b/g, `(${url}.href)`)
				.replaceAll(
					/\bimport\.meta\.dirname\b/g,
					`(process.getBuiltinModule("node:url").fileURLToPath(new URL(".", ${url})))`,
				)
				.replaceAll(
					/\bimport\.meta\.filename\b/g,
					`(process.getBuiltinModule("node:url").fileURLToPath(${url}))`,
				);
			return { contents, loader: "ts" };
		});
	},
};

/** Files appear whole or not at all, the entry last: launches at the same time never see half a build. */
function publish(files) {
	const entryLast = [...files].sort((a, b) => Number(isEntry(a)) - Number(isEntry(b)));
	try {
		mkdirSync(DIST, { recursive: true });
		for (const file of entryLast) writeWhole(file.path, file.contents);
	} catch (error) {
		throw new BundleError(`the tools are out of date and ${DIST} cannot be written`, error.message);
	}
}

function isEntry(file) {
	return relative(DIST, file.path) === ENTRY;
}

function writeWhole(path, contents) {
	const temporary = `${path}.${process.pid}.tmp`;
	writeFileSync(temporary, contents);
	renameSync(temporary, path);
}

function writeManifest(manifest) {
	try {
		writeWhole(MANIFEST, JSON.stringify(manifest, undefined, "\t"));
	} catch (error) {
		// The bundle is good; without its manifest the next launch merely looks, or builds, again.
		if (error.code !== "EACCES" && error.code !== "EROFS") throw error;
	}
}

/** @param {string[]} bundled paths relative to the root */
function fingerprint(bundled, startedMs) {
	const inputs = {};
	for (const path of [...bundled, ...STEERING.map((file) => relative(ROOT, file))]) {
		const { mtimeMs, size } = statSync(join(ROOT, path));
		// A file saved while it was being read may be in the bundle in its older form: make it look changed.
		const settled = mtimeMs < startedMs - 50;
		inputs[path] = settled
			? { mtimeMs, size, sha256: digest(join(ROOT, path)) }
			: { mtimeMs, size: -1, sha256: "" };
	}
	return inputs;
}

function digest(path) {
	return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function pruneChunks(current) {
	for (const name of readdirSync(DIST)) {
		if (!/^chunk-|\.tmp$/.test(name) || current.has(name)) continue;
		const path = join(DIST, name);
		const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
		if (age > KEEP_OLD_CHUNKS_MS) rmSync(path, { force: true });
	}
}

function describeFailure(error) {
	const lines = (error.errors ?? []).map(({ text, location }) =>
		location ? `${location.file}:${location.line}:${location.column}: ${text}` : text,
	);
	return lines.length > 0 ? lines.join("\n  ") : String(error.message ?? error);
}
