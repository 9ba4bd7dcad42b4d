/**
 * The rows of docs/behaviour.md: each names code that exists, policy fields that the schema has, and a test that
 * vitest knows. `node scripts/check/behaviour.js dist/test-report.json` compares them with what `npm test` reported
 * instead, in which each of these tests has to have passed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./sources.js";

const ROWS = 18;

/**
 * @typedef {object} Row
 * @property {number} number
 * @property {string[]} fields policy fields
 * @property {string[]} code paths
 * @property {string} file of the test
 * @property {string} test its full name, parts joined by " > "
 */

/**
 * The rows of the page.
 * @param {string} page
 * @returns {Row[]}
 */
export function readRows(page) {
	const table = page.split("## The eighteen rows")[1]?.split("\n## ")[0] ?? "";
	return [...table.matchAll(/^\| (\d+) \|(.*)\|$/gm)].map((match) => {
		const [, fields = "", code = "", test = ""] = (match[2] ?? "").split(" | ");
		const quoted = (/** @type {string} */ text) =>
			[...text.matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? "");
		const [file = ""] = quoted(test);
		const name = test.slice(test.indexOf(" > ") + 3).trim();
		return { number: Number(match[1]), fields: quoted(fields), code: quoted(code), file, test: name };
	});
}

/**
 * What is wrong with the rows.
 * @param {Row[]} rows
 * @param {(file: string, test: string) => boolean} knowsTest
 * @param {(field: string) => boolean} knowsField
 * @param {(path: string) => boolean} exists
 * @returns {string[]}
 */
export function checkRows(rows, knowsTest, knowsField, exists) {
	/** @type {string[]} */
	const problems = [];
	for (let number = 1; number <= ROWS; number++) {
		const row = rows.find((one) => one.number === number);
		const tell = (/** @type {string} */ what) => problems.push(`docs/behaviour.md, row ${number}: ${what}`);
		if (row === undefined) {
			tell("is missing");
			continue;
		}
		if (row.code.length === 0) tell("names no code");
		for (const path of [...row.code, row.file]) if (!exists(path)) tell(`there is no ${path}`);
		for (const field of row.fields) if (!knowsField(field)) tell(`a policy has no field ${field}`);
		if (!knowsTest(row.file, row.test)) tell(`there is no test "${row.test}" in ${row.file}`);
	}
	return problems;
}

/**
 * Full names of tests by file, from `vitest list --json` or a report of the JSON reporter.
 * @param {any} report
 * @returns {Map<string, Set<string>>}
 */
export function testNames(report) {
	/** @type {Map<string, Set<string>>} */
	const names = new Map();
	const add = (/** @type {string} */ file, /** @type {string} */ name) => {
		const known = names.get(file) ?? new Set();
		known.add(name);
		names.set(file, known);
	};
	const relative = (/** @type {string} */ file) => file.replace(`${root}/`, "");
	if (Array.isArray(report)) for (const { file, name } of report) add(relative(file), name);
	else {
		for (const { name: file, assertionResults } of report.testResults) {
			for (const { ancestorTitles, title, status } of assertionResults)
				if (status === "passed") add(relative(file), [...ancestorTitles, title].join(" > "));
		}
	}
	return names;
}

/** Names of the fields in docs/policy.md, which a test compares with the schema. @returns {(field: string) => boolean} */
function policyFields() {
	const page = readFileSync(join(root, "docs/policy.md"), "utf8");
	const columns = [...page.matchAll(/^\| ([^|]+) \|/gm)].map((match) => match[1] ?? "");
	const fields = new Set(
		columns.flatMap((column) => [...column.matchAll(/`([\w.[\]]+)`/g)].map((match) => match[1] ?? "")),
	);
	return (field) => fields.has(field) || [...fields].some((known) => known.startsWith(`${field}.`));
}

/**
 * Checks the page.
 * @param {string} [reportFile] a report of vitest's JSON reporter; without it vitest lists the tests
 * @returns {string[]} problems
 */
export function checkBehaviourPage(reportFile) {
	const rows = readRows(readFileSync(join(root, "docs/behaviour.md"), "utf8"));
	const files = [...new Set(rows.map(({ file }) => file))];
	const report =
		reportFile === undefined
			? spawnSync(join(root, "node_modules/.bin/vitest"), ["list", ...files, "--json"], { cwd: root }).stdout
			: readFileSync(reportFile);
	const text = report.toString();
	const names = testNames(JSON.parse(text.slice(text.search(/^[[{]/m))));
	return checkRows(
		rows,
		(file, test) => names.get(file)?.has(test) === true,
		policyFields(),
		(path) => existsSync(join(root, path)),
	);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
	const problems = checkBehaviourPage(process.argv[2]);
	for (const problem of problems) console.error(problem);
	if (problems.length === 0) console.log("the rows of docs/behaviour.md are what they say");
	process.exitCode = problems.length === 0 ? 0 : 1;
}
