/** An error of the simulator whose reason is known: a mistake in what was asked for, or a limit of the host. */
export class SimulatorError extends Error {
	override readonly name: string = "SimulatorError";
	/** Stable word for machines. */
	readonly code: string = "simulator";
	/** Exit code of a command that ends with it. */
	readonly exitCode: number;
	/** What to do next, a sentence; undefined when nothing can be done. */
	readonly hint: string | undefined;

	/** @param message - what was wrong, as a sentence without a full stop */
	constructor(message: string, hint?: string, exitCode = 1) {
		super(message);
		this.hint = hint;
		this.exitCode = exitCode;
	}
}
