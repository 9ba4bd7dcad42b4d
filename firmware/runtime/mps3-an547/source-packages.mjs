/**
 * Debian's source packages: whether apt can fetch them, and how to let it. Distributions leave `deb-src` out; it is added
 * to the sources file that is there, for the same suites and with the same keys as the binary packages.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** The distribution's own sources files, in the order in which they are looked for. */
const SOURCES_FILES = [
	"/etc/apt/sources.list.d/debian.sources",
	"/etc/apt/sources.list.d/ubuntu.sources",
	"/etc/apt/sources.list",
];

/**
 * Whether apt knows where a source package is.
 * @param {string} name of the source package
 */
export function hasSourcePackage(name) {
	return spawnSync("apt-get", ["source", "--print-uris", "-qq", name], { stdio: "ignore" }).status === 0;
}

/**
 * A sources file that offers source packages too. Stanzas that are switched off and ones that offer them already stay
 * as they are.
 * @param {string} text the file, in the deb822 style where its name ends in `.sources`, else one source a line
 * @param {string} path
 */
export function withSourcePackages(text, path) {
	if (path.endsWith(".sources"))
		return text
			.split(/(\n[ \t]*\n)/)
			.map((stanza) =>
				/^Enabled:[ \t]*no\b/im.test(stanza)
					? stanza
					: stanza.replace(/^(Types:[ \t]*deb)[ \t]*$/gim, "$1 deb-src"),
			)
			.join("");
	const lines = text.split("\n");
	const offered = new Set(lines.filter((line) => line.startsWith("deb-src ")));
	return lines
		.flatMap((line) => {
			const source = line.replace(/^deb(?=[ \t])/, "deb-src");
			return source === line || offered.has(source) ? [line] : [line, source];
		})
		.join("\n");
}

/** Runs a command as the superuser. */
function asRoot(command, args, options = {}) {
	const [program, ...rest] = process.getuid?.() === 0 ? [command, ...args] : ["sudo", command, ...args];
	execFileSync(program, rest, { stdio: ["pipe", "inherit", "inherit"], ...options });
}

/**
 * Adds `deb-src` to the distribution's sources file and has apt read the lists.
 * @throws Error when there is no such file
 */
export function enableSourcePackages() {
	const path = SOURCES_FILES.find(
		(file) => existsSync(file) && /^(Types:|deb[ \t])/im.test(readFileSync(file, "utf8")),
	);
	if (path === undefined)
		throw new Error(`apt has no sources in ${SOURCES_FILES.join(", ")}: add deb-src by hand`);
	const before = readFileSync(path, "utf8");
	const after = withSourcePackages(before, path);
	if (after !== before) asRoot("tee", [path], { input: after, stdio: ["pipe", "ignore", "inherit"] });
	asRoot("apt-get", ["update", "-q"]);
}
