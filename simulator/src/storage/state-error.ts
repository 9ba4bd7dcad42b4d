import { SimulatorError } from "../simulator-error.ts";

const ADVICE = "Give another --state directory, or remove the damaged file to start afresh.";

/** A state directory cannot be used: what was wrong and what to do. */
export class StateError extends SimulatorError {
	override readonly name = "StateError";
	override readonly code = "state";
	/** The file or directory. */
	readonly path: string;

	/** @param advice - what to do about it, a sentence */
	constructor(path: string, what: string, advice = ADVICE) {
		super(`${path}: ${what}`, advice);
		this.path = path;
	}
}
