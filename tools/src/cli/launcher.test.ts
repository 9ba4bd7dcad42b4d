import { execFile } from "node:child_process";
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

const run = promisify(execFile);
const REPOSITORY = join(import.meta.dirname, "..", "..", "..");

/** A checkout in miniature: the real launcher, a program of a few lines. */
let checkout: string;

beforeEach(() => {
	checkout = mkdtempSync(join(tmpdir(), "bodycam-launcher-"));
	cpSync(join(REPOSITORY, "tools", "bin"), join(checkout, "tools", "bin"), { recursive: true });
	for (const name of ["protocol", "firmware", "simulator", "tools"]) {
		mkdirSync(join(checkout, name, "src"), { recursive: true });
		cpSync(join(REPOSITORY, name, "package.json"), join(checkout, name, "package.json"));
	}
	mkdirSync(join(checkout, "tools", "src", "cli"));
	write("tools/src/words.ts", 'export const words: string = "first";');
	write(
		"tools/src/cli/main.ts",
		'import { words } from "../words.ts";\nexport async function run(argv: string[]): Promise<void> { console.log(words, ...argv); }',
	);
	symlinkSync(join(REPOSITORY, "node_modules"), join(checkout, "node_modules"));
});

afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function write(path: string, text: string): void {
	writeFileSync(join(checkout, path), text);
	// Old enough that it was certainly not being written during the build.
	const past = new Date(Date.now() - 5000);
	utimesSync(join(checkout, path), past, past);
}

async function launch(...args: string[]): Promise<string> {
	const { stdout } = await run(process.execPath, [join(checkout, "tools", "bin", "bodycam.js"), ...args]);
	return stdout.trim();
}

function builtAt(): number {
	return statSync(join(checkout, "tools", "dist", "bodycam.js")).mtimeMs;
}

test("builds on the first launch and passes the arguments on", async () => {
	expect(await launch("a", "-b")).toBe("first a -b");
});

test("does not build again while the sources are the same", async () => {
	await launch();
	const before = builtAt();
	await launch();
	expect(builtAt()).toBe(before);
});

test("does not build again when a file was only touched", async () => {
	await launch();
	const before = builtAt();
	const now = new Date();
	utimesSync(join(checkout, "tools/src/words.ts"), now, now);
	await launch();
	expect(builtAt()).toBe(before);
});

test("builds again when an imported file changed", async () => {
	await launch();
	write("tools/src/words.ts", 'export const words: string = "second";');
	expect(await launch()).toBe("second");
});

test("concurrent launches all succeed", async () => {
	const outputs = await Promise.all(["1", "2", "3", "4"].map((name) => launch(name)));
	expect(outputs).toEqual(["first 1", "first 2", "first 3", "first 4"]);
});

test("names the source line of a build error and exits 1", async () => {
	write("tools/src/words.ts", "export const words: string = ;");
	await expect(launch()).rejects.toMatchObject({
		code: 1,
		stderr: expect.stringContaining("tools/src/words.ts:1:"),
	});
});

test("says to run npm ci when dependencies are missing", async () => {
	rmSync(join(checkout, "node_modules"));
	await expect(launch()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("npm ci") });
});

test("says so too when they went missing after it had built", async () => {
	write("tools/src/cli/main.ts", 'export * from "commander";\nexport async function run(): Promise<void> {}');
	await launch();
	rmSync(join(checkout, "node_modules"));
	await expect(launch()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("npm ci") });
});

test("a crash of our own shows TypeScript lines", async () => {
	write(
		"tools/src/cli/main.ts",
		"export async function run(): Promise<void> {\n\tconst nothing: { a?: { b: number } } = {};\n\tconsole.log(nothing.a!.b);\n}",
	);
	await expect(launch()).rejects.toMatchObject({ stderr: expect.stringContaining("main.ts:3:") });
});

test("a module that looks for its files through import.meta.url still finds them", async () => {
	write("tools/src/cli/note.txt", "found");
	write(
		"tools/src/cli/main.ts",
		'import { readFileSync } from "node:fs";\nexport async function run(): Promise<void> { console.log(readFileSync(new URL("./note.txt", import.meta.url), "utf8")); }',
	);
	expect(await launch()).toBe("found");
});

test("the launcher and its build step need nothing but Node built-ins until something is stale", () => {
	for (const name of ["bodycam.js", "bundle.js"]) {
		const source = readFileSync(join(checkout, "tools", "bin", name), "utf8");
		const imports = [...source.matchAll(/^import .* from "([^"]+)"/gm)].map((match) => match[1] ?? "");
		expect(imports.filter((specifier) => !specifier.startsWith("node:"))).toEqual([]);
	}
});
