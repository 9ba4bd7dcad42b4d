import { describe, expect, it } from "vitest";
import { drawStateTable } from "./diagram.ts";
import { StateMachine, type StateTable } from "./table.ts";

const lamp: StateTable<"dark" | "lit", "press", "switch-on"> = {
	initial: "dark",
	transitions: [
		{ from: "dark", on: "press", to: "lit", action: "switch-on" },
		{ from: "lit", on: "press", to: "dark" },
	],
};

describe("state machine", () => {
	it("takes the row of its state and the input", () => {
		const machine = new StateMachine(lamp);
		expect(machine.handle("press")).toMatchObject({ to: "lit", action: "switch-on" });
		expect(machine.state).toBe("lit");
	});

	it("looks without moving", () => {
		const machine = new StateMachine(lamp);
		expect(machine.peek("press")?.to).toBe("lit");
		expect(machine.state).toBe("dark");
	});

	it("stays where it is when an input has no row", () => {
		const machine = new StateMachine({ ...lamp, transitions: lamp.transitions.slice(1) });
		expect(machine.handle("press")).toBeUndefined();
		expect(machine.state).toBe("dark");
	});
});

describe("state diagram", () => {
	it("has a line for each transition", () => {
		expect(drawStateTable(lamp)).toBe(
			"stateDiagram-v2\n\t[*] --> dark\n\tdark --> lit: press / switch-on\n\tlit --> dark: press\n",
		);
	});
});
