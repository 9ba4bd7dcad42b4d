import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import type { Original } from "./original.ts";
import type { WrittenFile } from "./output.ts";

/** Form of the log. */
const FORMAT = 1;

/** What was done when, in the order in which it was done. */
export interface LogStep {
	/** ISO 8601, UTC. */
	readonly at: string;
	/** In words. */
	readonly what: string;
}

/** Who exported, and what for. */
export interface ExportParty {
	/** Whoever is named by the one who exported; else the name of the account. */
	readonly by: string;
	/** What it is for; undefined when nothing was said. */
	readonly purpose: string | undefined;
}

/** Collects what an export did. */
export class ExportLog {
	readonly #now: () => number;
	readonly #steps: LogStep[] = [];

	/** @param now - ms since 1970 */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** Notes that something was done. */
	note(what: string): void {
		this.#steps.push({ at: new Date(this.#now()).toISOString(), what });
	}

	/**
	 * The log as a file: JSON, so that an archive can keep it.
	 * @param about - the recording, who exported, the tools, and what was written
	 */
	write(about: {
		readonly party: ExportParty;
		readonly tools: string;
		readonly original: Original;
		readonly report: CustodyReport;
		readonly files: readonly WrittenFile[];
	}): Uint8Array {
		const { party, tools, original, report, files } = about;
		const log = {
			format: FORMAT,
			...party,
			tools,
			original,
			verdict: report.verdict,
			agency: report.agency,
			findings: report.findings,
			steps: this.#steps,
			files,
		};
		return new TextEncoder().encode(`${JSON.stringify(log, undefined, "\t")}\n`);
	}
}
