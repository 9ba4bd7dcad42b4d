import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { BodycamError } from "../errors.ts";
import type { Failure } from "./failure.ts";
import type { StartedCamera } from "./sim-view.ts";

/** Set for a process that `startDetached` made. */
const DETACHED = "BODYCAM_DETACHED";

/** What such a process tells the one that made it, once. */
type Tidings = { readonly started: readonly StartedCamera[] } | { readonly failure: Failure };

/** The process in the background did not come to run; it said why. */
class DetachedStartError extends BodycamError {
	override readonly name = "DetachedStartError";
	override readonly code: string;
	override readonly exitCode: number;

	constructor({ code, exitCode, hint, message }: Failure) {
		super(message, hint === undefined ? {} : { hint });
		this.code = code;
		this.exitCode = exitCode;
	}
}

/**
 * Runs `bodycam` with these arguments in the background, on its own when this process ends.
 * @param logFile takes what it prints
 * @returns what it started
 * @throws {BodycamError} what made it fail
 */
export async function startDetached(
	args: readonly string[],
	logFile: string,
): Promise<readonly StartedCamera[]> {
	const launcher = process.argv[1] ?? join(import.meta.dirname, "..", "..", "bin", "bodycam.js");
	const log = openSync(logFile, "w", 0o600);
	const child = spawn(process.execPath, [launcher, ...args], {
		detached: true,
		stdio: ["ignore", log, log, "ipc"],
		env: { ...process.env, [DETACHED]: "1" },
	});
	closeSync(log);
	try {
		const tidings = await new Promise<Tidings>((resolve, reject) => {
			child.on("message", (message) => resolve(message as Tidings));
			child.on("error", reject);
			child.on("exit", (code) => {
				const hint = `What it printed is in ${logFile}.`;
				reject(new BodycamError(`the simulator ended at once with exit code ${code}`, { hint }));
			});
		});
		if ("failure" in tidings) throw new DetachedStartError(tidings.failure);
		return tidings.started;
	} finally {
		if (child.connected) child.disconnect();
		child.unref();
	}
}

/** Whether this process was made by `startDetached`. */
export function isDetached(): boolean {
	return process.env[DETACHED] !== undefined && process.send !== undefined;
}

/** Tells the process that made this one, if it waits. */
export async function tellParent(tidings: Tidings): Promise<void> {
	if (!isDetached() || !process.connected) return;
	await new Promise<void>((resolve) => process.send?.(tidings, () => resolve()));
	if (process.connected) process.disconnect();
}
