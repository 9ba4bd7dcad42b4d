import process from "node:process";
import { describeFailure, ExitCode, Interruption, reportFailure } from "./failure.ts";
import { watchInterruption } from "./interruption.ts";
import { createProgram, isHelpRequest } from "./program.ts";
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
		await program.parseAsync(argv, { from: "user" });
		interruption.signal.throwIfAborted();
		process.exitCode ??= ExitCode.ok;
	} catch (error) {
		process.exitCode = conclude(error, interruption.signal, () => {
			const failure = describeFailure(error);
			reportFailure(failure, terminal, argv.includes("--json"));
			return failure.exitCode;
		});
	} finally {
		interruption.close();
	}
}

/** Help that was asked for is a success; what fails because the command was stopped is not a failure of its own. */
function conclude(error: unknown, signal: AbortSignal, report: () => number): number {
	if (isHelpRequest(error)) return ExitCode.ok;
	if (error instanceof Interruption) return error.exitCode;
	if (signal.aborted && signal.reason instanceof Interruption) return signal.reason.exitCode;
	return report();
}
