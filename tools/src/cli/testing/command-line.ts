import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { projectRoot } from "@bodycam/simulator/root";

/** The committed launcher, as users run it. */
const LAUNCHER = join(projectRoot(), "tools", "bin", "bodycam.js");

/** How a run of the command ended. */
export interface Outcome {
	/** Exit code; null when a signal ended it. */
	readonly code: number | null;
	/** Standard output. */
	readonly stdout: string;
	/** Standard error. */
	readonly stderr: string;
}

/** A run of the command that is still going on. */
export interface RunningCommand {
	/** The process. */
	readonly process: ChildProcess;
	/** How it ends. */
	readonly outcome: Promise<Outcome>;
	/** Resolves with the first line of standard output that has `text` (and not `without`). @throws Error when it ends before */
	line(text: string, without?: string): Promise<string>;
}

/** Settings of a run. */
export interface RunOptions {
	/** Environment variables besides those of the tests; `undefined` removes one. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	/** Working directory. */
	readonly cwd?: string;
	/** Another launcher than that of this checkout. */
	readonly launcher?: string;
}

/** Runs `bodycam` to its end. */
export function bodycam(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
	return startBodycam(args, options).outcome;
}

/** Starts `bodycam`. */
export function startBodycam(args: readonly string[], options: RunOptions = {}): RunningCommand {
	const env = {
		...process.env,
		NO_COLOR: "1",
		BODYCAM_DEVICE: undefined,
		BODYCAM_HCI: undefined,
		FORCE_COLOR: undefined,
		...options.env,
	};
	const child = spawn(process.execPath, [options.launcher ?? LAUNCHER, ...args], {
		env,
		cwd: options.cwd,
		stdio: ["ignore", "pipe", "pipe"],
	});
	let stdout = "";
	let stderr = "";
	const watchers = new Set<() => void>();
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		stdout += text;
		for (const watch of watchers) watch();
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		stderr += text;
	});
	const outcome = new Promise<Outcome>((resolve, reject) => {
		child.on("error", reject);
		child.on("close", (code) => resolve({ code, stdout, stderr }));
	});
	return {
		process: child,
		outcome,
		line(text, without) {
			return new Promise((resolve, reject) => {
				const watch = (): void => {
					const lines = stdout.split("\n").slice(0, -1);
					const found = lines.find(
						(line) => line.includes(text) && (without === undefined || !line.includes(without)),
					);
					if (found === undefined) return;
					watchers.delete(watch);
					resolve(found);
				};
				watchers.add(watch);
				watch();
				outcome.then(({ code }) => {
					if (watchers.delete(watch))
						reject(new Error(`ended with ${code} before it said "${text}":\n${stdout}${stderr}`));
				}, reject);
			});
		},
	};
}
