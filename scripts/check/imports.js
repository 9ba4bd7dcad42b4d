import { posix } from "node:path";

/**
 * What may import what. Imports point one way: firmware → protocol; simulator → protocol and the firmware's
 * build; tools → protocol, the firmware's build, and the simulator where it starts one.
 */
const PACKAGE = /^@bodycam\/([^/]+)(?:\/(.*))?$/;
const SPECIFIER =
	/(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)|(?:^|\n)\s*import\s*["']([^"']+)["']/g;

/** @param {string} path */
const isTest = (path) => /\.test\.ts$|\/testing\/|\/conformance\//.test(path);
/** @param {string} path */
const onEngine = (path) => /^(protocol|firmware)\/src\//.test(path) && !isTest(path);

/**
 * Every module a source names, without those in comments.
 * @param {string} text - TypeScript or JavaScript
 * @returns {string[]}
 */
export function specifiers(text) {
	const code = text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
	return [...code.matchAll(SPECIFIER)].map(
		(match) => /** @type {string} */ (match[1] ?? match[2] ?? match[3]),
	);
}

/**
 * The file a specifier leads to, when it is one of ours.
 * @param {string} from - path of the importing file
 * @param {string} specifier
 * @returns {string | undefined} path relative to the root
 */
export function resolve(from, specifier) {
	if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
	const match = PACKAGE.exec(specifier);
	if (!match) return undefined;
	const [, name, path] = match;
	return name === "firmware" ? `firmware/build/${path}.ts` : `${name}/src/${path}.ts`;
}

/**
 * @param {string} from
 * @param {string} to
 * @returns {string | undefined} why the import is not allowed
 */
function forbidden(from, to) {
	const [source] = from.split("/");
	const [target] = to.split("/");
	const allowed = {
		protocol: ["protocol"],
		firmware: ["firmware", "protocol"],
		simulator: ["simulator", "protocol", "firmware"],
		tools: ["tools", "protocol", "firmware", "simulator"],
		scripts: ["scripts", "protocol", "firmware", "simulator", "tools"],
	}[source ?? ""];
	if (!allowed?.includes(target ?? "")) return `${source} must not import from ${target}`;
	if (source !== "firmware" && to.startsWith("firmware/src/") && !isTest(from))
		return "only the firmware imports firmware/src: others load its built artefact";
	if (
		from.startsWith("firmware/src/hal/") &&
		!/^(firmware\/src\/hal|protocol\/src)\//.test(to) &&
		!isTest(from)
	)
		return "firmware/src/hal declares interfaces and imports nothing but them";
	if (onEngine(from) && /^firmware\/(build|runtime)\//.test(to))
		return "firmware sources must not import host code";
	if (
		source === "tools" &&
		target === "simulator" &&
		!/^tools\/src\/(cli|operations)\//.test(from) &&
		!isTest(from)
	)
		return "in tools only the commands and operations start a simulator";
	if (!isTest(from) && isTest(to) && !from.startsWith("scripts/")) return "test helpers are for tests";
	return undefined;
}

/**
 * Checks the direction of every import, the packages used, and that no file and no folder is part of a cycle.
 * @param {Map<string, string>} sources - path to text
 * @param {Map<string, string[]>} dependencies - package folder to the names its package.json allows
 * @returns {string[]} one line a problem
 */
export function checkImports(sources, dependencies) {
	/** @type {string[]} */
	const problems = [];
	/** @type {Map<string, Set<string>>} */
	const files = new Map();
	/** @type {Map<string, Set<string>>} */
	const folders = new Map();
	for (const [path, text] of sources) {
		for (const specifier of specifiers(text)) {
			const target = resolve(path, specifier);
			if (target === undefined) {
				const why = outside(path, specifier, dependencies);
				if (why) problems.push(`${path}: ${specifier}: ${why}`);
				continue;
			}
			const why = forbidden(path, target);
			if (why) problems.push(`${path}: ${specifier}: ${why}`);
			link(files, path, target);
			if (!isTest(path) && folder(path) !== folder(target)) link(folders, folder(path), folder(target));
		}
	}
	for (const cycle of cycles(files)) problems.push(`import cycle: ${cycle.join(" → ")}`);
	for (const cycle of cycles(folders)) problems.push(`folder cycle: ${cycle.join(" → ")}`);
	return problems;
}

/**
 * @param {string} path
 * @param {string} specifier
 * @param {Map<string, string[]>} dependencies
 */
function outside(path, specifier, dependencies) {
	if (specifier.startsWith("node:"))
		return onEngine(path) ? "protocol and firmware run on the engine, where Node is not" : undefined;
	const name = specifier
		.split("/")
		.slice(0, specifier.startsWith("@") ? 2 : 1)
		.join("/");
	const own = dependencies.get(path.split("/")[0] ?? "") ?? [];
	const development = onEngine(path) ? [] : (dependencies.get("") ?? []);
	return own.includes(name) || development.includes(name)
		? undefined
		: "not among the dependencies of its package";
}

/** @param {string} path */
function folder(path) {
	const parts = path.split("/");
	return parts.slice(0, parts[1] === "src" && parts.length > 3 ? 3 : 2).join("/");
}

/**
 * @param {Map<string, Set<string>>} graph
 * @param {string} from
 * @param {string} to
 */
function link(graph, from, to) {
	const targets = graph.get(from) ?? new Set();
	graph.set(from, targets.add(to));
}

/**
 * @param {Map<string, Set<string>>} graph
 * @returns {string[][]}
 */
function cycles(graph) {
	/** @type {string[][]} */
	const found = [];
	const done = new Set();
	/** @type {string[]} */
	const trail = [];
	/** @param {string} node */
	const visit = (node) => {
		if (trail.includes(node)) return void found.push([...trail.slice(trail.indexOf(node)), node]);
		if (done.has(node)) return;
		trail.push(node);
		for (const next of graph.get(node) ?? []) visit(next);
		trail.pop();
		done.add(node);
	};
	for (const node of graph.keys()) visit(node);
	return found;
}
