import { mcuAvailable } from "@bodycam/simulator/testing/engines";
import { describe, expect, it } from "vitest";
import { BUDGETS_FILE, budgetsFor, compare, GRAIN, readBudgets } from "./budgets.ts";
import type { Count } from "./count.ts";
import { measureImage } from "./measure.ts";

const count = (name: string, value: number, unit: Count["unit"] = "instructions"): Count => ({
	name,
	what: `what ${name} is`,
	value,
	unit,
});

describe("budgets", () => {
	it("have a little headroom over what was measured, in whole units", () => {
		const budgets = budgetsFor([
			count("frame", 10_000.4),
			count("away", 1.234, "ms"),
			count("heap", 0, "bytes"),
		]);
		expect(budgets.frame).toMatchObject({ measured: 10_001, budget: 10_202 });
		expect(budgets.away).toMatchObject({ measured: 1.24, budget: 1.27 });
		expect(budgets.heap).toMatchObject({ measured: 0, budget: 0 });
	});

	it("hold for what they were written for, and for a little more", () => {
		const budgets = budgetsFor([count("frame", 10_000)]);
		expect(compare(budgets, [count("frame", 10_000)])).toEqual({ failures: [], loose: [] });
		expect(compare(budgets, [count("frame", 10_200)])).toEqual({ failures: [], loose: [] });
	});

	it("say what is over and by how much", () => {
		const { failures } = compare(budgetsFor([count("frame", 10_000)]), [count("frame", 10_710)]);
		expect(failures).toEqual([
			"frame (what frame is): 10,710 instructions, 510 instructions, 5.0 % over its budget of 10,200 instructions",
		]);
	});

	it("allow nothing where nothing was measured", () => {
		const { failures } = compare(budgetsFor([count("frame.chunks", 0, "allocations")]), [
			count("frame.chunks", 1, "allocations"),
		]);
		expect(failures[0]).toContain("1 allocations over its budget of 0 allocations");
	});

	it("ask to be tightened where a figure is far below", () => {
		const { failures, loose } = compare(budgetsFor([count("frame", 10_000)]), [count("frame", 9_000)]);
		expect(failures).toEqual([]);
		expect(loose[0]).toContain("far below its budget of 10,200 instructions");
	});

	it("ask for nothing within the counter's grain", () => {
		expect(compare(budgetsFor([count("short", 100)]), [count("short", 103 - GRAIN)]).loose).toEqual([]);
	});

	it("miss what has no budget, and what is not measured any more", () => {
		const { failures } = compare(budgetsFor([count("old", 1)]), [count("new", 1)]);
		expect(failures).toEqual([
			"new (what new is): 1 instructions, and no budget",
			"old: has a budget and is not measured",
		]);
	});
});

describe.skipIf(!mcuAvailable())("the Cortex-M55 image", () => {
	it("stays within its budgets of flash, RAM, heap, stack and instructions", {
		timeout: 300_000,
	}, async () => {
		const { failures, loose } = compare(readBudgets(BUDGETS_FILE), await measureImage());
		for (const line of loose)
			process.stderr.write(`${line}; \`npm run bench -- --write-budgets\` tightens it\n`);
		expect(failures, "`npm run bench -- --write-budgets` renews them, if it must be").toEqual([]);
	});
});
