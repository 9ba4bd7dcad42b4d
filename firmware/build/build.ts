/**
 * Makes the firmware artefact: esbuild bundles the TypeScript sources, the engine compiles the bundle to
 * bytecode. The same sources always give the same bytes.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { FirmwareBuildError } from "./build-error.ts";
import { type Bundle, bundle } from "./bundle.ts";
import { CompileError, compileArtefact, engineFile } from "./engine.ts";
import { type Fingerprints, fingerprint, sha256, unchanged } from "./fingerprint.ts";
import { publish } from "./publish.ts";
import { keepSourceMap, labelSourceMap } from "./source-maps.ts";
import { BUNDLE_NAME, mapStack } from "./stack.ts";

/** Lines the engine can count in one script. */
const LINE_LIMIT = 32_767;
/** Changes when this program makes something else of the same sources. */
const RECIPE = "3";

/** What to build; everything has a default. */
export interface FirmwareBuildOptions {
	/** Entry of the firmware; `firmware/src/main.ts`. */
	readonly entry?: string;
	/** Where the results go; `firmware/dist`, or its `release` for one. */
	readonly outDir?: string;
	/** Whether it is for the field: smaller, and built without regard to what lies there from before. */
	readonly release?: boolean;
}

/** What is known of a built firmware, in `firmware.json`. */
export interface FirmwareManifest {
	/** First 16 hexadecimal digits of the SHA-256 of what it was made from: sources, engine, bundler, recipe. */
	readonly buildId: string;
	/** SHA-256 of the artefact, hexadecimal. */
	readonly sha256: string;
	/** Bytes of the artefact. */
	readonly artefactBytes: number;
	/** Bytes of the JavaScript it was compiled from. */
	readonly bundleBytes: number;
	/** Source files in it. */
	readonly sources: number;
}

/** A built firmware: where it lies and what it is. */
export interface FirmwareBuild {
	/** The bytecode, `firmware.xsb`. */
	readonly artefactFile: string;
	/** The JavaScript it was compiled from, `firmware.js`. */
	readonly bundleFile: string;
	/** The source map for `mapStack`, `firmware.js.map`. */
	readonly sourceMapFile: string;
	/** What is known of it. */
	readonly manifest: FirmwareManifest;
	/** Its modules: paths relative to the repository. */
	readonly inputs: readonly string[];
	/** True when something had changed and it was built anew. */
	readonly rebuilt: boolean;
}

/** What the results in a folder were made of. */
interface BuildRecord {
	readonly recipe: string;
	readonly entry: string;
	/** The modules, and the engine. */
	readonly inputs: Fingerprints;
}

/** The files of a built firmware. */
interface Results {
	readonly artefact: string;
	readonly bundle: string;
	readonly sourceMap: string;
	readonly manifest: string;
	readonly record: string;
}

/**
 * Builds the firmware if its sources, the engine or the recipe changed since the last time.
 * @throws FirmwareBuildError naming file and line of what does not build.
 */
export async function buildFirmware(options: FirmwareBuildOptions = {}): Promise<FirmwareBuild> {
	const { release = false } = options;
	const root = projectRoot();
	const firmware = join(root, "firmware");
	const entry = relative(root, options.entry ?? join(firmware, "src", "main.ts"));
	const outDir = options.outDir ?? join(firmware, "dist", ...(release ? ["release"] : []));
	const results: Results = {
		artefact: join(outDir, "firmware.xsb"),
		bundle: join(outDir, BUNDLE_NAME),
		sourceMap: join(outDir, `${BUNDLE_NAME}.map`),
		manifest: join(outDir, "firmware.json"),
		record: join(outDir, "firmware.inputs.json"),
	};
	const rebuilt = release || !isFresh(root, entry, results);
	if (rebuilt) await rebuild(root, entry, results, release);
	const manifest = JSON.parse(readFileSync(results.manifest, "utf8")) as FirmwareManifest;
	const { inputs } = JSON.parse(readFileSync(results.record, "utf8")) as BuildRecord;
	const engine = relative(root, engineFile());
	return {
		artefactFile: results.artefact,
		bundleFile: results.bundle,
		sourceMapFile: results.sourceMap,
		manifest,
		inputs: Object.keys(inputs).filter((path) => path !== engine),
		rebuilt,
	};
}

/** The repository's folder. */
export function projectRoot(): string {
	return dirname(dirname(createRequire(import.meta.url).resolve("@bodycam/firmware/package.json")));
}

function isFresh(root: string, entry: string, results: Results): boolean {
	if (!Object.values(results).every((file) => existsSync(file))) return false;
	try {
		const record = JSON.parse(readFileSync(results.record, "utf8")) as BuildRecord;
		return (
			record.recipe === RECIPE + bundlerVersion() && record.entry === entry && unchanged(root, record.inputs)
		);
	} catch (error) {
		if (error instanceof SyntaxError) return false;
		throw error;
	}
}

async function rebuild(root: string, entry: string, results: Results, release: boolean): Promise<void> {
	const made = await bundle(root, entry, { release });
	const artefact = compileBundle(made);
	const inputs = fingerprint(root, [...made.inputs, relative(root, engineFile())]);
	const recipe = RECIPE + bundlerVersion();
	const manifest: FirmwareManifest = {
		buildId: identify(inputs, `${recipe} ${entry} ${release}`),
		sha256: sha256(artefact),
		artefactBytes: artefact.length,
		bundleBytes: Buffer.byteLength(made.source),
		sources: made.inputs.length,
	};
	const record: BuildRecord = { recipe, entry, inputs };
	mkdirSync(dirname(results.artefact), { recursive: true });
	publish(results.artefact, artefact);
	publish(results.bundle, made.source);
	const sourceMap = labelSourceMap(made.sourceMap, manifest.buildId);
	publish(results.sourceMap, sourceMap);
	keepSourceMap(manifest.buildId, sourceMap);
	publish(results.manifest, `${JSON.stringify(manifest, null, "\t")}\n`);
	publish(results.record, JSON.stringify(record));
}

/** Names a build by what it is made from, wherever the repository lies. */
function identify(inputs: Fingerprints, recipe: string): string {
	const lines = Object.entries(inputs).map(([path, { sha256 }]) => `${sha256}  ${path}\n`);
	return sha256(`${recipe}\n${lines.join("")}`).slice(0, 16);
}

function bundlerVersion(): string {
	const manifest = createRequire(import.meta.url).resolve("esbuild/package.json");
	return ` esbuild ${(JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version}`;
}

function compileBundle({ source, sourceMap }: Bundle): Uint8Array {
	const lines = source.split("\n").length;
	if (lines > LINE_LIMIT)
		throw new FirmwareBuildError(
			`The bundle has ${lines} lines, the engine counts ${LINE_LIMIT}: leave something out of the firmware`,
		);
	return compile(source, sourceMap);
}

function compile(source: string, sourceMap: string): Uint8Array {
	try {
		return compileArtefact(source, BUNDLE_NAME);
	} catch (error) {
		if (!(error instanceof CompileError)) throw error;
		throw new FirmwareBuildError(mapStack(error.message, sourceMap), { cause: error });
	}
}
