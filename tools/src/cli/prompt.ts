import { Recoverable, start } from "node:repl";
import { SourceError } from "../operations/evaluate.ts";
import { describeFailure } from "./failure.ts";

/** Options of `runPrompt`. */
export interface PromptOptions {
	/** What stands in front of the input. */
	readonly prompt: string;
	/** File in which what was typed is kept. */
	readonly history?: string;
	/** Evaluates what was typed. @returns the value as it is shown */
	evaluate(source: string): Promise<string>;
	/** Shows a value. */
	out(text: string): void;
	/** Shows why there is none. */
	fail(text: string): void;
	/** Ends it. */
	readonly signal: AbortSignal;
	/** Instead of the terminal. */
	readonly streams?: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream };
}

/** A prompt that evaluates, until Ctrl-D or `.exit`; what is still being evaluated then is of no interest any more. */
export function runPrompt(options: PromptOptions): Promise<void> {
	const { prompt, history, evaluate, out, fail, signal, streams } = options;
	return new Promise((resolve) => {
		let ended = false;
		const repl = start({
			...streams,
			prompt,
			ignoreUndefined: false,
			eval: (source, _context, _file, done) => {
				// After its end a prompt that is told of a result would read on, and keep the process alive.
				const tell = (failure: Error | null) => {
					if (!ended) done(failure, undefined);
				};
				evaluate(source).then(
					(value) => {
						if (!ended) out(value);
						tell(null);
					},
					(error: unknown) => {
						if (error instanceof SourceError && error.incomplete) {
							tell(new Recoverable(error));
							return;
						}
						const { message, hint } = describeFailure(error);
						if (!ended) fail(hint === undefined ? message : `${message}\n${hint}`);
						tell(null);
					},
				);
			},
			writer: () => "",
		});
		if (history !== undefined) repl.setupHistory(history, () => undefined);
		signal.addEventListener("abort", () => repl.close(), { once: true });
		repl.on("exit", () => {
			ended = true;
			resolve();
		});
	});
}
