import process from "node:process";
import { BodycamError } from "../errors.ts";
import { Interruption } from "./failure.ts";

/** What the command prints cannot be written: its output goes into a file on a full disk, for example. */
export class OutputError extends BodycamError {
	override readonly name = "OutputError";
	override readonly code = "output";

	/** @param cause what the system says */
	constructor(cause: NodeJS.ErrnoException) {
		const reason = cause.code === "ENOSPC" ? "the disk is full" : cause.message;
		super(`the output cannot be written: ${reason}`, {
			hint: "Make room, or let the output go somewhere else.",
			cause,
		});
	}
}

/** Turns signals and a vanished reader into an abort that commands can end cleanly on. */
export interface InterruptionWatch {
	/** Aborted with an `Interruption` as its reason, or an `OutputError`. */
	readonly signal: AbortSignal;
	/** Stops watching. */
	close(): void;
}

/** The second Ctrl-C does not wait for anything. */
export function watchInterruption(): InterruptionWatch {
	const controller = new AbortController();
	const onSignal = (name: NodeJS.Signals): void => {
		const interruption = new Interruption(name as "SIGINT" | "SIGTERM" | "SIGHUP");
		if (controller.signal.aborted) process.exit(interruption.exitCode);
		controller.abort(interruption);
	};
	const onOutputError = (error: NodeJS.ErrnoException): void => {
		if (controller.signal.aborted) return;
		controller.abort(error.code === "EPIPE" ? new Interruption("closed output") : new OutputError(error));
	};
	const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
	for (const name of signals) process.on(name, onSignal);
	process.stdout.on("error", onOutputError);
	process.stderr.on("error", onOutputError);
	return {
		signal: controller.signal,
		close() {
			for (const name of signals) process.off(name, onSignal);
		},
	};
}
