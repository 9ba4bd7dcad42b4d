/**
 * `npm run check`: types, lint and format, import directions, docstrings, what the rows of docs/behaviour.md name.
 * Runs all of them, prints every problem and ends with 1 when there is one.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkBehaviourPage } from "./behaviour.js";
import { checkDocstrings } from "./docstrings.js";
import { checkImports } from "./imports.js";
import { readSources, root } from "./sources.js";

/**
 * Runs a command of node_modules/.bin and shows what it prints.
 * @param {string} command
 * @param {...string} args
 */
function run(command, ...args) {
	return (
		spawnSync(join(root, "node_modules/.bin", command), args, { cwd: root, stdio: "inherit" }).status === 0
	);
}

/** @param {string[]} problems */
function report(problems) {
	for (const problem of problems) console.error(problem);
	return problems.length === 0;
}

/** @returns {Map<string, string[]>} the dependencies each package declares; "" holds the root's development ones */
function declared() {
	return new Map(
		["", "protocol", "firmware", "simulator", "tools"].map((folder) => {
			const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
			return [folder, Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })];
		}),
	);
}

const typescript = readSources(/^(protocol|firmware|simulator|tools)\/.*\.ts$/);
const published = new Map([...typescript].filter(([path]) => !/\.test\.ts$/.test(path)));

/** @type {[string, () => boolean][]} */
const checks = [
	["types", () => run("tsc", "-b")],
	["lint and format", () => run("biome", "check", "--error-on-warnings")],
	["imports", () => report(checkImports(typescript, declared()))],
	["docstrings", () => report(checkDocstrings(published))],
	["rows of docs/behaviour.md", () => report(checkBehaviourPage())],
];
let failed = false;
for (const [name, check] of checks) {
	const ok = check();
	console.log(`${ok ? "ok    " : "FAILED"} ${name}`);
	failed ||= !ok;
}
process.exitCode = failed ? 1 : 0;
