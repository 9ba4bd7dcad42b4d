import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildFirmware } from "./build.ts";
import { instantiateEngine, placeBytes, textAt } from "./engine.ts";
import { mapStack } from "./stack.ts";

let folder: string;
let entry: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "firmware-build-"));
	entry = join(folder, "main.ts");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const build = (outDir = join(folder, "out")) => buildFirmware({ entry, outDir });

/** The stack of the error with which an artefact dies while it is evaluated. */
function dyingStack(artefactFile: string): string {
	const bytes = readFileSync(artefactFile);
	const engine = instantiateEngine(4 * 1024 * 1024);
	engine.exports.bc_open(3 * 1024 * 1024, 65_536, 4096, 16_384, 1_000_000, 1, 2);
	expect(engine.exports.bc_load(placeBytes(engine, bytes), bytes.length)).not.toBe(0);
	return textAt(engine, engine.exports.bc_fault_stack());
}

describe("building the firmware", () => {
	test("gives the same bytes for the same sources", async () => {
		write("main.ts", `import { add } from "./add.ts";\nadd(1, 2);\n`);
		write("add.ts", `export const add = (a: number, b: number): number => a + b;\n`);
		const first = await build(join(folder, "a"));
		const second = await build(join(folder, "b"));
		expect(readFileSync(first.artefactFile)).toEqual(readFileSync(second.artefactFile));
		expect(readFileSync(first.sourceMapFile)).toEqual(readFileSync(second.sourceMapFile));
		expect(first.manifest).toEqual(second.manifest);
		expect(first.manifest.buildId).toMatch(/^[0-9a-f]{16}$/);
		expect(first.manifest.artefactBytes).toBe(readFileSync(first.artefactFile).length);
	});

	test("does nothing when nothing changed, not even when files were touched", async () => {
		write("main.ts", `export {};\n`);
		expect((await build()).rebuilt).toBe(true);
		expect((await build()).rebuilt).toBe(false);
		utimesSync(entry, new Date(), new Date());
		expect((await build()).rebuilt).toBe(false);
	});

	test("builds anew when a file that was bundled changes", async () => {
		write("main.ts", `import "./part.ts";\n`);
		write("part.ts", `globalThis.n = 1;\n`);
		const before = (await build()).manifest.buildId;
		write("part.ts", `globalThis.n = 2;\n`);
		const after = await build();
		expect(after.rebuilt).toBe(true);
		expect(after.manifest.buildId).not.toBe(before);
	});

	test("builds anew when a result is missing", async () => {
		write("main.ts", `export {};\n`);
		rmSync((await build()).sourceMapFile);
		expect((await build()).rebuilt).toBe(true);
	});

	test("names file and line of what does not parse", async () => {
		write("main.ts", `const a = 1;\nconst = 2;\n`);
		await expect(build()).rejects.toThrow(/main\.ts:2/);
	});

	test("names what cannot be imported", async () => {
		write("main.ts", `import "./missing.ts";\n`);
		await expect(build()).rejects.toThrow(/missing\.ts/);
	});

	test("leaves types, unused exports and comments out", async () => {
		write("main.ts", `import { used } from "./lib.ts";\nused();\n`);
		write(
			"lib.ts",
			`// a comment of some length\nexport const used = (): void => {};\nexport const unused = (): string => "marker";\n`,
		);
		const { artefactFile } = await build();
		expect(readFileSync(artefactFile).includes("marker")).toBe(false);
	});
});

describe("mapping stacks", () => {
	test("names the TypeScript lines of every frame", async () => {
		write("main.ts", `import { outer } from "./lib.ts";\n\n\nouter();\n`);
		write(
			"lib.ts",
			`interface Unused {\n\treadonly n: number;\n}\n\nfunction inner(): never {\n\tthrow new Error("x");\n}\n\nexport function outer(): void {\n\tinner();\n}\n`,
		);
		const { artefactFile, sourceMapFile } = await build();
		const lines = mapStack(dyingStack(artefactFile), readFileSync(sourceMapFile, "utf8")).split("\n");
		expect(lines[0]).toBe("Error: x");
		expect(lines[1]).toMatch(/^ at inner \(.*\blib\.ts:6\)$/);
		expect(lines[2]).toMatch(/^ at outer \(.*\blib\.ts:10\)$/);
		expect(lines[3]).toMatch(/\(.*\bmain\.ts:4\)$/);
	});

	test("leaves text alone that names no line of the bundle", () => {
		const map = { version: 3 as const, sources: [], names: [], mappings: "" };
		expect(mapStack("out of memory", map)).toBe("out of memory");
		expect(mapStack(" at f (firmware.js:0)\n at g (firmware.js:99999)", map)).toBe(
			" at f (firmware.js:0)\n at g (firmware.js:99999)",
		);
	});
});
