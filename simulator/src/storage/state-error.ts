/** A state directory cannot be used. The message says what was wrong and what to do. */
export class StateError extends Error {
	/** Exit code of a command that fails with it. */
	readonly exitCode = 1;
	/** The file or directory. */
	readonly path: string;

	/** @param advice - what to do about it, a sentence */
	constructor(
		path: string,
		what: string,
		advice = "Give another --state directory, or remove the damaged file to start afresh.",
	) {
		super(`${path}: ${what}. ${advice}`);
		this.name = "StateError";
		this.path = path;
	}
}
