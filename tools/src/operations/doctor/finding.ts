/** How serious a finding is: fine; of no consequence unless one wants it; something will not work. */
export type Severity = "ok" | "note" | "problem";

/** What was looked at and what was found. */
export interface Finding {
	/** What was looked at, in one or two words. */
	readonly subject: string;
	readonly severity: Severity;
	/** What was found. */
	readonly text: string;
	/** What to do about it. */
	readonly advice?: string;
}
