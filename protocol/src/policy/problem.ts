/** What is wrong with one field of a policy. */
export interface PolicyProblem {
	/** Path of the field, e.g. `preRecording.maximumMs`; empty for the whole document. */
	readonly field: string;
	/** What is wrong with it, as the end of a sentence that begins with the field. */
	readonly says: string;
}

/** A policy that is no good, with every problem found. */
export class PolicyError extends Error {
	override readonly name = "PolicyError";
	/** What is wrong, at least one. */
	readonly problems: readonly PolicyProblem[];

	/** @param problems - what is wrong, the first one first */
	constructor(problems: readonly PolicyProblem[]) {
		super(problems.map(describeProblem).join("; "));
		this.problems = problems;
	}
}

/** A problem in one line. */
export function describeProblem({ field, says }: PolicyProblem): string {
	return `${field === "" ? "the policy" : field} ${says}`;
}
