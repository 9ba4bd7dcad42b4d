import process from "node:process";
import { Interruption } from "./failure.ts";

/** Turns signals and a vanished reader into an abort that commands can end cleanly on. */
export interface InterruptionWatch {
	/** Aborted with an `Interruption` as its reason. */
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
		if (error.code !== "EPIPE") throw error;
		if (!controller.signal.aborted) controller.abort(new Interruption("closed output"));
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
