import { captureState } from "@bodycam/protocol/camera/status";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecisionMachine, transitionsOf } from "../state/decision-table.ts";
import { type CaptureInput, type CaptureState, captureTable } from "./table.ts";

const STATES = Object.keys(captureTable.decisions) as CaptureState[];
const INPUTS = Object.keys(captureTable.decisions.off) as CaptureInput[];

/** A machine that has taken some inputs. */
function after(...inputs: CaptureInput[]) {
	const machine = new DecisionMachine(captureTable);
	for (const input of inputs) machine.handle(input);
	return machine;
}

/** A machine in a state. */
function inState(state: CaptureState) {
	return new DecisionMachine({ ...captureTable, initial: state });
}

describe("capture table", () => {
	it("decides every pair of state and input: a step is taken, anything else changes nothing", () => {
		expect([...STATES].sort()).toEqual([...captureState.values].sort());
		for (const state of STATES) {
			expect(Object.keys(captureTable.decisions[state]).sort()).toEqual([...INPUTS].sort());
			for (const input of INPUTS) {
				const machine = inState(state);
				const decision = machine.decide(input);
				const step = machine.handle(input);
				if (typeof decision === "string") {
					expect(step).toBeUndefined();
					expect(machine.state).toBe(state);
				} else {
					expect(step).toEqual(decision);
					expect(machine.state).toBe(decision.to);
				}
			}
		}
	});

	it("reaches every state", () => {
		const reached = new Set<CaptureState>([captureTable.initial]);
		for (const _ of STATES)
			for (const { from, to } of transitionsOf(captureTable)) if (reached.has(from)) reached.add(to);
		expect([...reached].sort()).toEqual([...STATES].sort());
	});

	it("runs a recording from ready to armed again", () => {
		const machine = after("ready", "arm");
		const actions = (["start", "stop", "closed", "arm"] as const).map(
			(input) => machine.handle(input)?.action,
		);
		expect(actions).toEqual(["begin", "stop", undefined, "arm"]);
		expect(machine.state).toBe("armed");
	});

	it("does not stop on a second start", () => {
		expect(after("ready", "arm", "start", "start").state).toBe("recording");
	});

	it("goes on recording when a start comes in a pause", () => {
		const machine = after("ready", "start", "pause");
		expect(machine.handle("start")).toEqual({ to: "recording", action: "resume" });
	});

	it("starts again while the last recording is being finished", () => {
		const machine = after("ready", "arm", "start", "stop", "start");
		expect(machine.state).toBe("recording");
		expect(machine.handle("closed")).toBeUndefined();
	});

	it("begins only with a start, and a stop never leads to a recording", () => {
		for (const { on, to, action } of transitionsOf(captureTable)) {
			if (action === "begin") expect(on).toBe("start");
			if (on === "stop" || on === "warn" || on === "arm") expect(action).not.toBe("begin");
			if (on === "stop") expect(to).not.toBe("recording");
		}
	});

	it("leads to where nothing is recorded from everywhere, when the rules forbid it or something fails", () => {
		for (const state of STATES) {
			expect(["off", "finishing"]).toContain(stateAfter(state, "forbid"));
			expect(["fault"]).toContain(stateAfter(state, "fault"));
		}
	});

	it("never begins without having been ready since the last fault, and stops only what began", () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...INPUTS), { maxLength: 60 }), (inputs) => {
				const machine = new DecisionMachine(captureTable);
				let able = false;
				let recording = false;
				for (const input of inputs) {
					const step = machine.handle(input);
					if (step?.to === "ready") able = true;
					if (step?.action === "begin") {
						expect(able).toBe(true);
						expect(recording).toBe(false);
						recording = true;
					}
					if (step?.action === "stop") {
						expect(recording).toBe(true);
						recording = false;
					}
					if (step?.to === "fault" || step?.to === "off") {
						able = false;
						recording = false;
					}
					expect(recording).toBe(machine.state === "recording" || machine.state === "paused");
				}
			}),
		);
	});
});

/** The state an input leads to from another. */
function stateAfter(state: CaptureState, input: CaptureInput): CaptureState {
	const machine = inState(state);
	machine.handle(input);
	return machine.state;
}
