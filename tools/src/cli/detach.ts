import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { BodycamError, ConnectionError } from "../errors.ts";
import type { Failure } from "./failure.ts";
import type { StartedCamera } from "./sim-view.ts";

/** Set for a process that `startDetached` made. */
const DETACHED = "BODYCAM_DETACHED";

/** What such a process tells the one that made it, once. */
type Tidings = { readonly started: readonly StartedCamera[] } | { readonly failure: Failure };

/** Longest time until a process in the background says what it started, ms: it may have to build first. */
const START_LIMIT_MS = 120_000;

/** How long it may take to end when it is asked to, ms. */
const END_LIMIT_MS = 3000;

/** How to start in the background; everything but the log has a default. */
export interface DetachOptions {
	/** Takes what it prints. */
	readonly logFile: string;
	/** Stops: the process is ended. */
	readonly signal?: AbortSignal;
	/** Program that is started, this one. */
	readonly launcher?: string;
	/** Longest time until it says what it started, ms. */
	readonly limitMs?: number;
}

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
 * @returns what it started
 * @throws {BodycamError} what made it fail
 * @throws {ConnectionError} when it says nothing in time; it is ended then
 * @throws the signal's reason once it is aborted and the process has ended
 */
export async function startDetached(
	args: readonly string[],
	{ logFile, signal, launcher = defaultLauncher(), limitMs = START_LIMIT_MS }: DetachOptions,
): Promise<readonly StartedCamera[]> {
	signal?.throwIfAborted();
	const log = openSync(logFile, "w", 0o600);
	const child = spawn(process.execPath, [launcher, ...args], {
		detached: true,
		stdio: ["ignore", log, log, "ipc"],
		env: { ...process.env, [DETACHED]: "1" },
	});
	closeSync(log);
	const hint = `What it printed is in ${logFile}.`;
	const limit = setTimeout(() => {
		end(new ConnectionError(`the simulator did not start within ${limitMs / 1000} s`, { hint }));
	}, limitMs);
	const onAbort = (): void => end(signal?.reason);
	let reason: { readonly error: unknown } | undefined;
	let force: NodeJS.Timeout | undefined;
	const end = (error: unknown): void => {
		reason ??= { error };
		child.kill("SIGTERM");
		force ??= setTimeout(() => child.kill("SIGKILL"), END_LIMIT_MS);
	};
	signal?.addEventListener("abort", onAbort, { once: true });
	try {
		const tidings = await new Promise<Tidings>((resolve, reject) => {
			child.on("message", (message) => {
				// One that is being ended has to be gone before this is over.
				if (reason === undefined) resolve(message as Tidings);
			});
			child.on("error", reject);
			child.on("exit", (code) => {
				if (reason !== undefined) reject(reason.error);
				else reject(new BodycamError(`the simulator ended at once with exit code ${code}`, { hint }));
			});
		});
		if ("failure" in tidings) throw new DetachedStartError(tidings.failure);
		return tidings.started;
	} finally {
		clearTimeout(limit);
		clearTimeout(force);
		signal?.removeEventListener("abort", onAbort);
		if (child.connected) child.disconnect();
		child.unref();
	}
}

function defaultLauncher(): string {
	return process.argv[1] ?? join(import.meta.dirname, "..", "..", "bin", "bodycam.js");
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
