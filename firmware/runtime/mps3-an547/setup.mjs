/**
 * `npm run mcu:setup`: whether everything is there that makes, checks and runs the Cortex-M55 image. Prints the one
 * command that installs what is missing and ends with 1; with `--install` it does that, deb-src included.
 */
import { execFileSync } from "node:child_process";
import { enableSourcePackages, hasSourcePackage } from "./source-packages.mjs";
import { has, missingPackages } from "./toolchain.mjs";

const LIBRARY = "libsodium";

function install(packages, sources) {
	if (sources) enableSourcePackages();
	else execFileSync(...asRoot("apt-get", ["update", "-q"]));
	if (packages.length > 0)
		execFileSync(...asRoot("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...packages]));
}

/** The arguments of execFileSync that run a command as the superuser. */
function asRoot(command, args) {
	const env = ["env", "DEBIAN_FRONTEND=noninteractive", command, ...args];
	const [program, ...rest] = process.getuid?.() === 0 ? env : ["sudo", ...env];
	return [program, rest, { stdio: "inherit" }];
}

/** What is missing: packages, and whether apt has to be told of source packages first. */
function missing() {
	return { packages: missingPackages(), sources: !hasSourcePackage(LIBRARY) };
}

function explain({ packages, sources }) {
	if (sources) {
		console.error(`apt does not offer the source package ${LIBRARY} (deb-src is off).`);
		console.error("This switches it on and installs what is missing:\n\n\tnpm run mcu:setup -- --install");
		return;
	}
	console.error("Not installed yet; this does it:\n");
	console.error(`\tsudo apt-get install --no-install-recommends ${packages.join(" ")}`);
}

if (!has("apt-get")) {
	console.error(
		`This needs Debian or Ubuntu (apt). Elsewhere install by hand: ${missingPackages().join(", ") || "nothing else"}, ` +
			`and the sources of ${LIBRARY}.`,
	);
	process.exitCode = 1;
} else {
	let found = missing();
	const complete = () => found.packages.length === 0 && !found.sources;
	if (!complete() && process.argv.includes("--install")) {
		install(found.packages, found.sources);
		found = missing();
	}
	if (complete()) console.log("everything for the Cortex-M55 image is there");
	else {
		explain(found);
		process.exitCode = 1;
	}
}
