import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { FirmwareBuildError } from "./build-error.ts";
import { sha256 } from "./fingerprint.ts";
import { publish } from "./publish.ts";

/** Most bytes of what the compiler says that are kept. */
const OUTPUT_MAX = 4 * 1024 * 1024;

/**
 * Checks the types of an entry and all it imports, as strictly as the firmware's own project. Checks at the same time do
 * not disturb each other.
 * @param root - of the repository @param entry - absolute path @param outDir - for the compiler's project file
 * @throws FirmwareBuildError naming file, line and what is wrong
 */
export async function checkTypes(root: string, entry: string, outDir: string): Promise<void> {
	mkdirSync(outDir, { recursive: true });
	const config = {
		extends: join(root, "tsconfig.base.json"),
		compilerOptions: {
			composite: false,
			declaration: false,
			emitDeclarationOnly: false,
			noEmit: true,
		},
		files: [entry],
	};
	const text = JSON.stringify(config);
	const project = join(outDir, `tsconfig.${sha256(text).slice(0, 8)}.json`);
	publish(project, text);
	const compiler = join(
		dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
		"bin",
		"tsc",
	);
	const { failed, said } = await run(compiler, ["-p", project, "--pretty", "false"], root);
	if (failed) throw new FirmwareBuildError(`The types are not right:\n${said.trim()}`);
}

function run(
	script: string,
	args: readonly string[],
	cwd: string,
): Promise<{ failed: boolean; said: string }> {
	return new Promise((resolve) => {
		const options = { cwd, maxBuffer: OUTPUT_MAX };
		execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
			resolve({ failed: error !== null, said: stdout + stderr });
		});
	});
}
