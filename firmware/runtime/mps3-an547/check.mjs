/**
 * `npm run mcu:check`: cppcheck over the C of the port, and a second build, from scratch, that must be
 * byte-identical to the first.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runtime } from "../xs-sources.mjs";
import { buildImage, dist } from "./image.mjs";

const CPPCHECK = [
	"--quiet",
	"--enable=warning,style,performance,portability",
	"--std=c11",
	"--platform=unix32",
	"--error-exitcode=1",
	"--inline-suppr",
	// the headers of XS and of the C library are not ours
	"--suppress=missingInclude",
	"--suppress=missingIncludeSystem",
	// registers and vectors are laid out for the hardware
	"--suppress=unusedStructMember",
	"-DINCLUDE_XSPLATFORM=1",
	'-DXSPLATFORM="platform.h"',
	'-DBC_BUILD_ID=""',
];

/** Lints the C of all targets. */
function lint() {
	const folder = (name) => join(runtime, name);
	const args = [
		...CPPCHECK,
		...["common", "mps3-an547"].map((name) => `-I${folder(name)}`),
		...["common", "mps3-an547", "wasm"].map(folder),
	];
	const { status, error } = spawnSync("cppcheck", args, { stdio: "inherit" });
	if (error) console.error("cppcheck is not installed: run npm run mcu:setup");
	return status === 0;
}

/** Builds everything anew in another folder and compares with the image that is there. */
async function reproducible() {
	mkdirSync(dist, { recursive: true });
	const scratch = mkdtempSync(join(dist, ".check-"));
	try {
		const first = await buildImage();
		const second = await buildImage({ folder: scratch, fresh: true });
		return readFileSync(first.file).equals(readFileSync(second.file));
	} catch (error) {
		console.error(error.message);
		return false;
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

for (const [name, check] of [
	["cppcheck finds nothing in the C of the port", lint],
	["two builds of the image are byte-identical", reproducible],
]) {
	const ok = await check();
	console.log(`${ok ? "ok    " : "FAILED"} ${name}`);
	if (!ok) process.exitCode = 1;
}
