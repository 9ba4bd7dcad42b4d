import { SimulatorError } from "../simulator-error.ts";

const ADVICE = "Give another --state directory, or remove the damaged file to start afresh.";

/** A state directory cannot be used: what was wrong and what to do. */
export class StateError extends SimulatorError {
	override readonly name = "StateError";
	override readonly code = "state";
	/** The file or directory. */
	readonly path: string;

	/**
	 * @param advice - what to do about it, a sentence
	 * @param exitCode - 1, or 4 for one that is in use
	 */
	constructor(path: string, what: string, advice = ADVICE, exitCode = 1) {
		super(`${path}: ${what}`, advice, exitCode);
		this.path = path;
	}
}
