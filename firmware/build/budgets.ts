import { readFileSync } from "node:fs";
import { FirmwareBuildError } from "./build-error.ts";
import type { SizeReport } from "./size-report.ts";

/** What a firmware may take at most, in bytes; in `firmware/budgets.json`. */
export interface Budgets {
	/** The artefact. */
	readonly artefactBytes: number;
	/** The heap after loading, besides what the engine itself takes. */
	readonly heapBytes: number;
	/** Bytecode by folder or package; `*` is what one without an entry of its own may take. */
	readonly bytecodeBytes: Readonly<Record<string, number>>;
}

/** A budget that is exceeded. */
export interface BudgetExcess {
	/** What is too large. */
	readonly what: string;
	/** What it takes, and what it may take. */
	readonly bytes: number;
	readonly budget: number;
}

/** Reads a file of budgets. @throws FirmwareBuildError when it is none */
export function readBudgets(path: string): Budgets {
	const fail = (why: string) => new FirmwareBuildError(`${path} holds no budgets: ${why}`);
	let value: Partial<Budgets>;
	try {
		value = JSON.parse(readFileSync(path, "utf8")) as Partial<Budgets>;
	} catch (error) {
		throw fail(error instanceof Error ? error.message : String(error));
	}
	const { artefactBytes, heapBytes, bytecodeBytes } = value;
	if (!isSize(artefactBytes)) throw fail("artefactBytes is no number of bytes");
	if (!isSize(heapBytes)) throw fail("heapBytes is no number of bytes");
	if (typeof bytecodeBytes !== "object" || bytecodeBytes === null) throw fail("bytecodeBytes is no object");
	for (const [part, bytes] of Object.entries(bytecodeBytes))
		if (!isSize(bytes)) throw fail(`bytecodeBytes of ${part} is no number of bytes`);
	return { artefactBytes, heapBytes, bytecodeBytes };
}

/** Every budget that a firmware exceeds. */
export function checkBudgets(report: SizeReport, budgets: Budgets): BudgetExcess[] {
	const parts = report.parts.map(({ path, bytecodeBytes }) => ({
		what: `the bytecode of ${path}`,
		bytes: bytecodeBytes,
		budget: budgets.bytecodeBytes[path] ?? budgets.bytecodeBytes["*"] ?? 0,
	}));
	return [
		{ what: "the artefact", bytes: report.artefactBytes, budget: budgets.artefactBytes },
		{ what: "the heap after loading", bytes: report.heapBytes, budget: budgets.heapBytes },
		...parts,
	].filter(({ bytes, budget }) => bytes > budget);
}

function isSize(value: unknown): value is number {
	return Number.isInteger(value) && Number(value) >= 0;
}
