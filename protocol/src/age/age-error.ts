/** What can be wrong with something that age v1 defines. */
export type AgeProblem =
	/** A recipient or identity that is not written as one. */
	| "bad-key-text"
	/** A public key of small order: everybody could know the secret shared with it. */
	| "weak-recipient"
	/** No recipient, too many, or one twice. */
	| "recipients"
	/** Bytes that are no header of an age v1 file. */
	| "malformed-header"
	/** None of the identities is among the recipients. */
	| "no-identity"
	/** The header is not the one that was written with this file key. */
	| "header-changed";

/** Something is no part of an age v1 file, or cannot become one. */
export class AgeError extends Error {
	override readonly name = "AgeError";
	/** What is wrong. */
	readonly problem: AgeProblem;

	/** @param problem - what is wrong @param message - in words, and what to do about it */
	constructor(problem: AgeProblem, message: string) {
		super(message);
		this.problem = problem;
	}
}
