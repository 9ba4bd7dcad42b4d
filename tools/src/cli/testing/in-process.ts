import { describeFailure, type Failure } from "../failure.ts";
import { createProgram } from "../program.ts";
import { createTerminal } from "../terminal.ts";

/** How a command ended that ran in the process of the test. */
export interface InProcessOutcome {
	/** Standard output. */
	readonly stdout: string;
	/** Standard error, without the report of the failure. */
	readonly stderr: string;
	/** As the program reports it; undefined when it worked. */
	readonly failure: Failure | undefined;
}

/** Runs a command without a process of its own: for the many refusals, after the launcher has been tested once. */
export async function runInProcess(...args: string[]): Promise<InProcessOutcome> {
	let stdout = "";
	let stderr = "";
	const terminal = createTerminal(
		{ write: (text) => (stdout += text) },
		{ write: (text) => (stderr += text) },
		{ NO_COLOR: "1" },
	);
	const program = createProgram({ terminal, signal: new AbortController().signal, env: {} });
	try {
		await program.parseAsync(args, { from: "user" });
		return { stdout, stderr, failure: undefined };
	} catch (error) {
		return { stdout, stderr, failure: describeFailure(error) };
	}
}
