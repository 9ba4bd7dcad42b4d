import { describe, expect, it } from "vitest";
import { DecisionMachine, transitionsOf } from "../state/decision-table.ts";
import { type ReserveInput, type ReserveState, reserveTable } from "./table.ts";

const STATES = Object.keys(reserveTable.decisions) as ReserveState[];
const INPUTS: readonly ReserveInput[] = ["enough", "battery-low", "card-low", "empty"];

/** Where each condition leads, from everywhere: the reserve has no memory. */
const STATE_OF: Readonly<Record<ReserveInput, ReserveState>> = {
	enough: "enough",
	"battery-low": "low-battery",
	"card-low": "low-card",
	empty: "empty",
};

describe("reserve table", () => {
	it("decides every pair of state and input: the state is that of the condition", () => {
		for (const state of STATES) {
			expect(Object.keys(reserveTable.decisions[state]).sort()).toEqual([...INPUTS].sort());
			for (const input of INPUTS) {
				const machine = new DecisionMachine({ ...reserveTable, initial: state });
				const step = machine.handle(input);
				expect(machine.state).toBe(STATE_OF[input]);
				expect(step === undefined).toBe(STATE_OF[input] === state);
			}
		}
	});

	it("saves what is recorded whenever it runs empty, and at no other time", () => {
		for (const { to, action } of transitionsOf(reserveTable)) expect(action === "save").toBe(to === "empty");
	});
});
