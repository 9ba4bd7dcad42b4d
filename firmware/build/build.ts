/**
 * Makes the firmware artefact: esbuild bundles the TypeScript sources, the engine compiles the bundle to
 * bytecode. The same sources always give the same bytes.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { CompileError, compileArtefact, engineFile } from "./engine.ts";
import { type Fingerprints, fingerprint, sha256, unchanged } from "./fingerprint.ts";
import { BUNDLE_NAME, mapStack } from "./stack.ts";

/** Lines the engine can count in one script. */
const LINE_LIMIT = 32_767;
/** Changes when this program makes something else of the same sources. */
const RECIPE = "1";

/** What to build; everything has a default. */
export interface FirmwareBuildOptions {
	/** Entry of the firmware; `firmware/src/main.ts`. */
	readonly entry?: string;
	/** Where the results go; `firmware/dist`. */
	readonly outDir?: string;
}

/** What is known of a built firmware, in `firmware.json`. */
export interface FirmwareManifest {
	/** First 16 hexadecimal digits of the artefact's SHA-256. */
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
	/** The source map for `mapStack`, `firmware.js.map`. */
	readonly sourceMapFile: string;
	/** What is known of it. */
	readonly manifest: FirmwareManifest;
	/** True when something had changed and it was built anew. */
	readonly rebuilt: boolean;
}

/** The firmware cannot be built from its sources. */
export class FirmwareBuildError extends Error {
	override readonly name = "FirmwareBuildError";
}

/** What the results in a folder were made of. */
interface BuildRecord {
	readonly recipe: string;
	readonly entry: string;
	readonly inputs: Fingerprints;
}

/** The files of a built firmware. */
interface Results {
	readonly artefact: string;
	readonly sourceMap: string;
	readonly manifest: string;
	readonly record: string;
}

/**
 * Builds the firmware if its sources, the engine or the recipe changed since the last time.
 * @throws FirmwareBuildError naming file and line of what does not build.
 */
export async function buildFirmware(options: FirmwareBuildOptions = {}): Promise<FirmwareBuild> {
	const firmware = dirname(createRequire(import.meta.url).resolve("@bodycam/firmware/package.json"));
	const root = dirname(firmware);
	const entry = relative(root, options.entry ?? join(firmware, "src", "main.ts"));
	const outDir = options.outDir ?? join(firmware, "dist");
	const results: Results = {
		artefact: join(outDir, "firmware.xsb"),
		sourceMap: join(outDir, `${BUNDLE_NAME}.map`),
		manifest: join(outDir, "firmware.json"),
		record: join(outDir, "firmware.inputs.json"),
	};
	const rebuilt = !isFresh(root, entry, results);
	if (rebuilt) await rebuild(root, entry, results);
	const manifest = JSON.parse(readFileSync(results.manifest, "utf8")) as FirmwareManifest;
	return { artefactFile: results.artefact, sourceMapFile: results.sourceMap, manifest, rebuilt };
}

function isFresh(root: string, entry: string, results: Results): boolean {
	if (!Object.values(results).every((file) => existsSync(file))) return false;
	try {
		const record = JSON.parse(readFileSync(results.record, "utf8")) as BuildRecord;
		return record.recipe === RECIPE && record.entry === entry && unchanged(root, record.inputs);
	} catch (error) {
		if (error instanceof SyntaxError) return false;
		throw error;
	}
}

async function rebuild(root: string, entry: string, results: Results): Promise<void> {
	const { source, sourceMap, inputs } = await bundle(root, entry);
	const lines = source.split("\n").length;
	if (lines > LINE_LIMIT)
		throw new FirmwareBuildError(
			`The bundle has ${lines} lines, the engine counts ${LINE_LIMIT}: leave something out of the firmware`,
		);
	const artefact = compile(source, sourceMap);
	const digest = sha256(artefact);
	const manifest: FirmwareManifest = {
		buildId: digest.slice(0, 16),
		sha256: digest,
		artefactBytes: artefact.length,
		bundleBytes: Buffer.byteLength(source),
		sources: inputs.length,
	};
	const record: BuildRecord = {
		recipe: RECIPE,
		entry,
		inputs: fingerprint(root, [...inputs, relative(root, engineFile())]),
	};
	mkdirSync(dirname(results.artefact), { recursive: true });
	publish(results.artefact, artefact);
	publish(results.sourceMap, sourceMap);
	publish(results.manifest, `${JSON.stringify(manifest, null, "\t")}\n`);
	publish(results.record, JSON.stringify(record));
}

interface Bundle {
	readonly source: string;
	readonly sourceMap: string;
	/** Paths relative to the repository. */
	readonly inputs: readonly string[];
}

async function bundle(root: string, entry: string): Promise<Bundle> {
	// Only a stale build needs the bundler; loading it takes longer than finding out that nothing changed.
	const esbuild = await import("esbuild");
	const result = await esbuild
		.build({
			absWorkingDir: root,
			entryPoints: [entry],
			// Never written: it makes the paths in the source map relative to the repository.
			outfile: join(root, BUNDLE_NAME),
			write: false,
			bundle: true,
			format: "iife",
			platform: "neutral",
			mainFields: ["module", "main"],
			target: "es2022",
			charset: "utf8",
			legalComments: "none",
			sourcemap: "external",
			sourcesContent: false,
			metafile: true,
			logLevel: "silent",
			tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: "es2022" } },
		})
		.catch((error: unknown) => {
			throw new FirmwareBuildError(error instanceof Error ? error.message : String(error), { cause: error });
		});
	const text = (ending: string) => {
		const file = result.outputFiles.find(({ path }) => path.endsWith(ending));
		if (file === undefined) throw new FirmwareBuildError(`The bundler made no ${ending}`);
		return file.text;
	};
	return {
		source: text(BUNDLE_NAME),
		sourceMap: text(`${BUNDLE_NAME}.map`),
		inputs: Object.keys(result.metafile.inputs),
	};
}

function compile(source: string, sourceMap: string): Uint8Array {
	try {
		return compileArtefact(source, BUNDLE_NAME);
	} catch (error) {
		if (!(error instanceof CompileError)) throw error;
		throw new FirmwareBuildError(mapStack(error.message, sourceMap), { cause: error });
	}
}

/** Puts a file in place at once, so that a process that reads meanwhile sees the old or the new one. */
function publish(file: string, content: Uint8Array | string): void {
	const temporary = `${file}.${process.pid}.tmp`;
	writeFileSync(temporary, content);
	renameSync(temporary, file);
}
