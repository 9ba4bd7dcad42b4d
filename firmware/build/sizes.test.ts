import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readArtefactHeader } from "./artefact.ts";
import { type Budgets, checkBudgets, readBudgets } from "./budgets.ts";
import { buildFirmware, projectRoot } from "./build.ts";
import { partOf, reportSizes, type SizeReport } from "./size-report.ts";
import { checkTypes } from "./type-check.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "firmware-sizes-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const build = () => buildFirmware({ entry: join(folder, "main.ts"), outDir: join(folder, "out") });
const report = async () => reportSizes(await build());
const module = (sizes: SizeReport, name: string) => {
	const found = sizes.modules.find(({ path }) => path.endsWith(name));
	if (found === undefined) throw new Error(`${name} is not in the report`);
	return found;
};

describe("the size report", () => {
	test("attributes bytecode to modules, functions and classes alike, and nothing twice", async () => {
		const texts = Array.from({ length: 100 }, (_, n) => `"a text of its own ${n}"`).join(",");
		write(
			"main.ts",
			`import { list } from "./inline.ts";\nimport { pick } from "./hoisted.ts";\npick(list);\n`,
		);
		write("inline.ts", `export const list: readonly string[] = [${texts}];\n`);
		write(
			"hoisted.ts",
			`export function pick(of: readonly string[]): number { return [${texts}].indexOf(of[0] ?? ""); }\n`,
		);
		const sizes = await report();
		const header = readArtefactHeader(readFileSync(join(folder, "out", "firmware.xsb")));
		const sum = sizes.modules.reduce((total, { bytecodeBytes }) => total + bytecodeBytes, 0);
		expect(sum + sizes.linkageBytes).toBe(header?.codeBytes);
		expect(sizes.linkageBytes).toBeGreaterThan(0);
		expect(sizes.linkageBytes).toBeLessThan(100);
		for (const name of ["inline.ts", "hoisted.ts"]) {
			const { bytecodeBytes } = module(sizes, name);
			expect(bytecodeBytes).toBeGreaterThan(2500);
			expect(bytecodeBytes).toBeLessThan(3500);
		}
		expect(module(sizes, "main.ts").bytecodeBytes).toBeLessThan(100);
	});

	test("attributes the heap to the module that takes it, in spite of garbage others leave", async () => {
		write(
			"main.ts",
			`import "./garbage.ts";\nimport { kept } from "./keeper.ts";\nimport "./after.ts";\nglobalThis.z = kept;\n`,
		);
		write("garbage.ts", `for (let n = 0; n < 3000; n++) globalThis.x = { n };\n`);
		write(
			"keeper.ts",
			`const objects = Array.from({ length: 1000 }, (_, n) => ({ n }));\nexport const kept = () => objects.length;\n`,
		);
		write("after.ts", `globalThis.y = Array.from({ length: 9 }, () => ({}));\n`);
		const sizes = await report();
		expect(module(sizes, "keeper.ts").heapBytes).toBeGreaterThan(32_000);
		expect(module(sizes, "keeper.ts").heapBytes).toBeLessThan(80_000);
		expect(module(sizes, "after.ts").heapBytes).toBeLessThan(3000);
		expect(sizes.heapBytes).toBeGreaterThan(32_000);
	});

	test("is the same every time", async () => {
		write("main.ts", `globalThis.kept = Array.from({ length: 50 }, () => ({}));\n`);
		expect(await report()).toEqual(await report());
	});

	test("counts modules to folders and packages", () => {
		expect(partOf("firmware/src/recorder/muxer/boxes.ts")).toBe("firmware/src/recorder");
		expect(partOf("firmware/src/main.ts")).toBe("firmware/src");
		expect(partOf("node_modules/cbor-x/dist/index.cjs")).toBe("node_modules/cbor-x");
		expect(partOf("node_modules/@scope/name/dist/index.js")).toBe("node_modules/@scope/name");
	});

	test("of a firmware that dies while it is loaded names the TypeScript line instead", async () => {
		write("main.ts", `import "./part.ts";\n`);
		write(
			"part.ts",
			`const table: number[] | undefined = undefined;\n\n(table as unknown as number[]).push(1);\n`,
		);
		await expect(report()).rejects.toThrow(/dies while it is loaded:\n(.*\n)*.*part\.ts:3/);
	});
});

describe("builds", () => {
	test("are named by what they are made from, not by what comes of it", async () => {
		write("main.ts", `globalThis.n = 1; // first\n`);
		const { manifest: before } = await build();
		write("main.ts", `globalThis.n = 1; // second\n`);
		const { manifest: after } = await build();
		expect(after.sha256).toBe(before.sha256);
		expect(after.buildId).not.toBe(before.buildId);
	});

	test("for release are smaller, and another build", async () => {
		write(
			"main.ts",
			`if (globalThis.a !== undefined) { globalThis.b = true; } else { globalThis.b = false; }\n`,
		);
		const { manifest: development } = await build();
		const options = { entry: join(folder, "main.ts"), outDir: join(folder, "release"), release: true };
		const { manifest: release, rebuilt } = await buildFirmware(options);
		expect(release.artefactBytes).toBeLessThan(development.artefactBytes);
		expect(release.buildId).not.toBe(development.buildId);
		expect(rebuilt && (await buildFirmware(options)).rebuilt).toBe(true);
		expect((await buildFirmware(options)).manifest).toEqual(release);
	});
});

describe("budgets", () => {
	const sizes: SizeReport = {
		artefactBytes: 1000,
		sourceBytes: 0,
		namesBytes: 0,
		linkageBytes: 0,
		heapBytes: 500,
		engineHeapBytes: 0,
		loadInstructions: 0,
		parts: [
			{ path: "firmware/src/a", modules: 1, sourceBytes: 0, bytecodeBytes: 600, heapBytes: 0 },
			{ path: "firmware/src/b", modules: 1, sourceBytes: 0, bytecodeBytes: 300, heapBytes: 0 },
		],
		modules: [],
	};
	const fits: Budgets = {
		artefactBytes: 1000,
		heapBytes: 500,
		bytecodeBytes: { "*": 300, "firmware/src/a": 600 },
	};

	test("that are met to the byte are met", () => {
		expect(checkBudgets(sizes, fits)).toEqual([]);
	});

	test.each<[string, Partial<Budgets>, string, number, number]>([
		["the artefact", { artefactBytes: 999 }, "the artefact", 1000, 999],
		["the heap", { heapBytes: 499 }, "the heap after loading", 500, 499],
		[
			"a part",
			{ bytecodeBytes: { "*": 300, "firmware/src/a": 599 } },
			"the bytecode of firmware/src/a",
			600,
			599,
		],
		[
			"a part without its own",
			{ bytecodeBytes: { "*": 299, "firmware/src/a": 600 } },
			"the bytecode of firmware/src/b",
			300,
			299,
		],
		[
			"a part nobody planned",
			{ bytecodeBytes: { "firmware/src/a": 600 } },
			"the bytecode of firmware/src/b",
			300,
			0,
		],
	])("that %s exceeds are named", (_what, change, what, bytes, budget) => {
		expect(checkBudgets(sizes, { ...fits, ...change })).toEqual([{ what, bytes, budget }]);
	});

	test("of this project are kept by its firmware, so that it can be built as an image", async () => {
		const sizes = reportSizes(await buildFirmware({ outDir: join(folder, "out") }));
		expect(checkBudgets(sizes, readBudgets(join(projectRoot(), "firmware", "budgets.json")))).toEqual([]);
	});

	test.each([
		["{", /budgets.json holds no budgets: /],
		["{}", /artefactBytes is no number/],
		[`{"artefactBytes": 1, "heapBytes": "2"}`, /heapBytes is no number/],
		[`{"artefactBytes": 1, "heapBytes": 2}`, /bytecodeBytes is no object/],
		[`{"artefactBytes": 1, "heapBytes": 2, "bytecodeBytes": {"*": -1}}`, /bytecodeBytes of \* is no number/],
	])("that are no budgets (%s) are refused", (text, message) => {
		write("budgets.json", text);
		expect(() => readBudgets(join(folder, "budgets.json"))).toThrow(message);
	});
});

describe("the type check", () => {
	const check = () => checkTypes(projectRoot(), join(folder, "main.ts"), join(folder, "types"));

	test("takes what is right", async () => {
		write("main.ts", `import { add } from "./add.ts";\nexport const three: number = add(1, 2);\n`);
		write("add.ts", `export const add = (a: number, b: number): number => a + b;\n`);
		await expect(check()).resolves.toBeUndefined();
	});

	test("names file and line of what is not, in an imported file too", async () => {
		write("main.ts", `import "./part.ts";\n`);
		write("part.ts", `\nexport const three: number = "3";\n`);
		await expect(check()).rejects.toThrow(/part\.ts\(2,14\): error TS2322/);
	});

	test("is as strict as the project: what may be undefined is not used as if it were not", async () => {
		write("main.ts", `const list: number[] = [];\nexport const first: number = list[0];\n`);
		await expect(check()).rejects.toThrow(/main\.ts\(2/);
	});

	test("of several entries at the same time says of each what is wrong with it", async () => {
		const entries = ["a.ts", "b.ts", "c.ts", "d.ts"];
		for (const [index, name] of entries.entries())
			write(name, index % 2 === 0 ? `export const n: number = 1;\n` : `export const n: number = "1";\n`);
		const checks = entries.map((name) =>
			checkTypes(projectRoot(), join(folder, name), join(folder, "types")),
		);
		const results = await Promise.allSettled(checks);
		expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected"]);
		expect(String((results[3] as PromiseRejectedResult).reason)).toContain("d.ts(1,14)");
	});

	test("knows neither Node nor a browser", async () => {
		write("main.ts", `export const here = process.cwd();\n`);
		await expect(check()).rejects.toThrow(/Cannot find name 'process'/);
	});
});
