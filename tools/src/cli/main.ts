import process from "node:process";
import { describeFailure, ExitCode, Interruption, reportFailure } from "./failure.ts";
import { watchInterruption } from "./interruption.ts";
import { createProgram, expandHelp, isHelpRequest } from "./program.ts";
import { createTerminal } from "./terminal.ts";

/**
 * Runs the command line and sets the exit code of the process.
 * @param argv arguments after the program's name
 */
export async function run(argv: string[]): Promise<void> {
	const terminal = createTerminal(process.stdout, process.stderr, process.env);
	const interruption = watchInterruption();
	const program = createProgram({ terminal, signal: interruption.signal, env: process.env });
	try {
		await program.parseAsync(expandHelp(program, argv), { from: "user" });
		await printed(interruption.signal);
		interruption.signal.throwIfAborted();
		process.exitCode ??= ExitCode.ok;
	} catch (error) {
		process.exitCode = conclude(error, interruption.signal, (reason) => {
			const failure = describeFailure(reason);
			reportFailure(failure, terminal, argv.includes("--json"));
			return failure.exitCode;
		});
	} finally {
		interruption.close();
	}
}

/** Help that was asked for is a success; what fails because the command was stopped is not a failure of its own. */
function conclude(error: unknown, signal: AbortSignal, report: (reason: unknown) => number): number {
	if (isHelpRequest(error)) return ExitCode.ok;
	const reason = signal.aborted ? signal.reason : error;
	return reason instanceof Interruption ? reason.exitCode : report(reason);
}

/** Waits until standard output has taken everything, so that its failure is the command's; or until it is stopped. */
function printed(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener("abort", () => resolve(), { once: true });
		process.stdout.write("", () => setImmediate(resolve));
	});
}
