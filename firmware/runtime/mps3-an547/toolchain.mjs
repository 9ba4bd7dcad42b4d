/**
 * The tools that make, check and run the image, and the Debian packages they come in.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

export const COMPILER = "arm-none-eabi-gcc";
export const EMULATOR = "qemu-system-arm";

/** Command and package; the first ones build the image. */
const TO_BUILD = [
	[COMPILER, "gcc-arm-none-eabi"],
	["arm-none-eabi-ar", "binutils-arm-none-eabi"],
	["dpkg-source", "dpkg-dev"],
	["git", "git"],
];
const TO_CHECK_AND_RUN = [
	[EMULATOR, "qemu-system-arm"],
	["cppcheck", "cppcheck"],
];

/** True when a command can be run. @param {string} command */
export function has(command) {
	return spawnSync(command, ["--version"], { stdio: "ignore" }).error === undefined;
}

/** A file of the C library or the compiler's own; undefined when it is not installed. @param {string} name */
export function libraryFile(name) {
	if (!has(COMPILER)) return undefined;
	const path = execFileSync(
		COMPILER,
		["-mcpu=cortex-m55", "-mfloat-abi=hard", "-mthumb", `-print-file-name=${name}`],
		{
			encoding: "utf8",
		},
	).trim();
	// the compiler answers with the bare name when there is no such file
	return existsSync(path) ? path : undefined;
}

/**
 * Debian packages that are missing, in the order in which they are asked for.
 * @param {{ onlyToBuild?: boolean }} [options] leaves out what only checks and runs the image
 */
export function missingPackages({ onlyToBuild = false } = {}) {
	const tools = onlyToBuild ? TO_BUILD : [...TO_BUILD, ...TO_CHECK_AND_RUN];
	const packages = tools.filter(([command]) => !has(command)).map(([, name]) => name);
	if (libraryFile("libc.a") === undefined) packages.push("libnewlib-arm-none-eabi");
	return packages;
}
