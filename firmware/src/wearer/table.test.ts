import { readFileSync } from "node:fs";
import { WEARER_STATES, type WearerState } from "@bodycam/protocol/wearer/terms";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecisionMachine, drawDecisionTable, transitionsOf } from "../state/decision-table.ts";
import { type WearerInput, wearerTable } from "./table.ts";

const INPUTS: readonly WearerInput[] = ["assign", "check-out", "check-in", "withdraw"];

function runFrom(initial: WearerState, ...inputs: WearerInput[]) {
	const machine = new DecisionMachine({ ...wearerTable, initial });
	for (const input of inputs) machine.handle(input);
	return machine.state;
}

describe("wearer table", () => {
	it("decides every pair of state and input", () => {
		for (const state of WEARER_STATES)
			expect(Object.keys(wearerTable.decisions[state]).sort()).toEqual([...INPUTS].sort());
	});

	it("reaches every state", () => {
		const reached = new Set<WearerState>([wearerTable.initial]);
		for (const _round of WEARER_STATES)
			for (const { from, to } of transitionsOf(wearerTable)) if (reached.has(from)) reached.add(to);
		expect([...reached].sort()).toEqual([...WEARER_STATES].sort());
	});

	it.each(WEARER_STATES)("never refuses a withdrawal: %s", (state) => {
		expect(wearerTable.decisions[state].withdraw).not.toBe("refused");
	});

	it("leaves a withdrawal through another assignment only", () => {
		expect(runFrom("withdrawn", "check-out", "check-in", "withdraw")).toBe("withdrawn");
		expect(runFrom("withdrawn", "assign")).toBe("assigned");
	});

	it("gives a camera that is out to nobody else", () => {
		expect(wearerTable.decisions["checked-out"].assign).toBe("refused");
	});

	it("takes what is asked twice as asked once", () => {
		fc.assert(
			fc.property(
				fc.constantFrom(...WEARER_STATES),
				fc.array(fc.constantFrom(...INPUTS), { maxLength: 30 }),
				(initial, inputs) => {
					const twice = inputs.flatMap((input) => [input, input]);
					expect(runFrom(initial, ...twice)).toBe(runFrom(initial, ...inputs));
				},
			),
		);
	});

	it("is the diagram in docs/wearer.md", () => {
		const guide = readFileSync(new URL("../../../docs/wearer.md", import.meta.url), "utf8");
		expect(guide).toContain(`\`\`\`mermaid\n${drawDecisionTable(wearerTable)}\`\`\``);
	});
});
