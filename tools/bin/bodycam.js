#!/usr/bin/env node
// The committed launcher of the `bodycam` command: plain JavaScript on Node built-ins, so it runs right after
// `npm ci` and before anything was built. It brings the bundle in tools/dist up to date and hands over to it.
import process from "node:process";

const OLDEST_NODE = [20, 19];
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
	process.stderr.write(
		`bodycam: Node ${OLDEST_NODE.join(".")} or later is needed, this is ${process.versions.node}.\n` +
			"  Install a current Node (https://nodejs.org) and run `npm ci` again.\n",
	);
	process.exitCode = 1;
} else {
	await launch();
}

/** Builds what is stale, then runs the program. */
async function launch() {
	const { BundleError, ensureBundle, importProgram } = await import("./bundle.js");
	let program;
	try {
		const entry = await ensureBundle();
		process.setSourceMapsEnabled(true);
		program = await importProgram(entry);
	} catch (error) {
		if (!(error instanceof BundleError)) throw error;
		process.stderr.write(`bodycam: ${error.message}\n  ${error.hint}\n`);
		process.exitCode = 1;
		return;
	}
	await program.run(process.argv.slice(2));
}
