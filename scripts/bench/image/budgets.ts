/**
 * The budgets of the image, `firmware/budgets/mps3-an547.json`: every figure may be what its budget says, and no more.
 * A budget is what was measured when it was written and a little headroom, so that a change of a few instructions does
 * not need a new file and a creeping one does.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Count } from "./count.ts";

/** The file; the commands and tests that read it run in the root of the repository. */
export const BUDGETS_FILE = join(process.cwd(), "firmware/budgets/mps3-an547.json");

/** Grain of the processor's counter, in instructions: a record's count is this far off at most. */
export const GRAIN = 32;

/** Headroom of a budget over what was measured, percent. */
const HEADROOM = 2;

/** A figure this far below its budget, percent, asks for a tighter one. */
const SLACK = 10;

/** A line of the file. */
export interface Budget {
	/** What was counted. */
	readonly what: string;
	/** Unit of both figures. */
	readonly unit: Count["unit"];
	/** The figure when the budget was written. */
	readonly measured: number;
	/** What it may be. */
	readonly budget: number;
}

/** The file: budgets by name. */
export type Budgets = Readonly<Record<string, Budget>>;

/** What a comparison came to, in lines for people. */
export interface Verdict {
	/** What is over its budget, has none, or is not measured any more; each fails the test. */
	readonly failures: readonly string[];
	/** What is far below its budget. */
	readonly loose: readonly string[];
}

/** Reads a file of budgets. */
export function readBudgets(file: string): Budgets {
	return JSON.parse(readFileSync(file, "utf8"));
}

/** Writes budgets for what was measured. */
export function writeBudgets(file: string, counts: readonly Count[]): void {
	writeFileSync(file, `${JSON.stringify(budgetsFor(counts), undefined, "\t")}\n`);
}

/** Budgets for what was measured: with headroom, in whole units (hundredths of a millisecond). */
export function budgetsFor(counts: readonly Count[]): Budgets {
	return Object.fromEntries(
		counts.map(({ name, what, unit, value }) => {
			const step = stepOf(unit);
			const measured = Math.ceil(round(value / step)) * step;
			const budget = Math.ceil(round((measured * (1 + HEADROOM / 100)) / step)) * step;
			return [name, { what, unit, measured: round(measured), budget: round(budget) }];
		}),
	);
}

/** Holds figures against their budgets. */
export function compare(budgets: Budgets, counts: readonly Count[]): Verdict {
	const failures: string[] = [];
	const loose: string[] = [];
	const figure = (value: number, unit: string): string =>
		`${value.toLocaleString("en", { maximumFractionDigits: 2 })} ${unit}`;
	for (const { name, what, value, unit } of counts) {
		const budget = budgets[name]?.budget;
		if (budget === undefined) failures.push(`${name} (${what}): ${figure(value, unit)}, and no budget`);
		else if (value > budget) {
			const over = value - budget;
			const percent = budget === 0 ? "" : `, ${((over / budget) * 100).toFixed(1)} %`;
			const is = `${figure(value, unit)}, ${figure(over, unit)}${percent} over its budget of ${figure(budget, unit)}`;
			failures.push(`${name} (${what}): ${is}`);
		} else if (value < budget * (1 - SLACK / 100) && budget - value > GRAIN * stepOf(unit))
			loose.push(
				`${name} (${what}): ${figure(value, unit)}, far below its budget of ${figure(budget, unit)}`,
			);
	}
	const known = new Set(counts.map(({ name }) => name));
	for (const name of Object.keys(budgets))
		if (!known.has(name)) failures.push(`${name}: has a budget and is not measured`);
	return { failures, loose };
}

function stepOf(unit: Count["unit"]): number {
	return unit === "ms" ? 0.01 : 1;
}

/** Without what binary fractions add. */
function round(value: number): number {
	return Math.round(value * 1e6) / 1e6;
}
