import { describe, expect, it } from "vitest";
import { reserveTable } from "../reserve/table.ts";
import { DecisionMachine, type DecisionTable, transitionsOf } from "../state/decision-table.ts";
import { announcementTable } from "./table.ts";

describe.each([
	["announcement", announcementTable as DecisionTable<string, string, string>],
	["reserve", reserveTable as DecisionTable<string, string, string>],
])("%s table", (_name, table) => {
	const states = Object.keys(table.decisions);
	const inputs = Object.keys(table.decisions[table.initial] ?? {});

	it("decides every pair of state and input: a step is taken, anything else changes nothing", () => {
		for (const state of states) {
			expect(Object.keys(table.decisions[state] ?? {}).sort()).toEqual([...inputs].sort());
			for (const input of inputs) {
				const machine = new DecisionMachine({ ...table, initial: state });
				const decision = machine.decide(input);
				const step = machine.handle(input);
				expect(step).toEqual(typeof decision === "string" ? undefined : decision);
				expect(machine.state).toBe(typeof decision === "string" ? state : decision.to);
			}
		}
	});

	it("reaches every state, and leads back to the first from each", () => {
		const all = transitionsOf(table);
		for (const start of states) {
			const reached = new Set([start]);
			for (const _ of states) for (const { from, to } of all) if (reached.has(from)) reached.add(to);
			expect([...reached].sort()).toEqual([...states].sort());
		}
	});
});
