import { DevelopmentError, type Evaluation, VALUE_MAX } from "@bodycam/protocol/camera/development";
import { GroupError } from "@bodycam/protocol/smp/errors";
import type { Timers } from "../hal/timers.ts";
import { inspect } from "./inspect.ts";

/** Longest time a promise is awaited, µs. */
const PATIENCE = 5_000_000;

/** Characters of a text, so that it has at most `VALUE_MAX` bytes. */
const TEXT_MAX = VALUE_MAX / 4;

/** Runs a script in the global scope; the engine's indirect `eval`. */
export type RunScript = (source: string) => unknown;

/** Evaluates what is typed at a prompt. */
export class Evaluator {
	private readonly timers: Timers;
	private readonly run: RunScript;

	/** @param timers - for what takes too long @param run - runs a script in the global scope */
	constructor(timers: Timers, run: RunScript) {
		this.timers = timers;
		this.run = run;
	}

	/** Evaluates a source; a promise is awaited. @throws GroupError when the engine has no compiler */
	async evaluate(source: string): Promise<Evaluation> {
		try {
			return { value: cut(inspect(await this.inTime(this.run(source)))) };
		} catch (error) {
			if (!(error instanceof Error)) return { error: cut(`thrown: ${inspect(error)}`) };
			// An engine that runs compiled code only says so in these words.
			if (error.message.includes("this engine has no parser"))
				throw new GroupError(DevelopmentError.noCompiler);
			return { error: cut(`${error.name}: ${error.message}`), stack: cut(error.stack ?? "") };
		}
	}

	private inTime(value: unknown): unknown {
		if (!(value instanceof Promise)) return value;
		return new Promise((resolve, reject) => {
			const timer = this.timers.create(() => reject(new Error("the promise is not settled after 5 s")));
			timer.start(PATIENCE);
			value.then(resolve, reject).finally(() => timer.close());
		});
	}
}

function cut(text: string): string {
	return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`;
}
