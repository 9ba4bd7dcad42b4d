import { captureState } from "@bodycam/protocol/camera/status";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StateMachine } from "../state/table.ts";
import { type CaptureInput, type CaptureState, captureTable } from "./table.ts";

const INPUTS: readonly CaptureInput[] = [
	"ready",
	"arm",
	"disarm",
	"start",
	"stop",
	"closed",
	"fault",
	"cleared",
];

/** A machine that has taken some inputs. */
function after(...inputs: CaptureInput[]) {
	const machine = new StateMachine(captureTable);
	for (const input of inputs) machine.handle(input);
	return machine;
}

describe("capture table", () => {
	it("has at most one row for each state and input", () => {
		const keys = captureTable.transitions.map(({ from, on }) => `${from} ${on}`);
		expect(new Set(keys).size).toBe(keys.length);
	});

	it("reaches every state that status knows", () => {
		const reached = new Set<CaptureState>([captureTable.initial]);
		for (let round = 0; round < captureTable.transitions.length; round++) {
			for (const { from, to } of captureTable.transitions) if (reached.has(from)) reached.add(to);
		}
		expect([...reached].sort()).toEqual([...captureState.values].sort());
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

	it("starts again while the last recording is being finished", () => {
		const machine = after("ready", "arm", "start", "stop", "start");
		expect(machine.state).toBe("recording");
		expect(machine.handle("closed")).toBeUndefined();
	});

	it.each(["off", "ready", "armed", "fault"] as const)("has no stop in state %s", (state) => {
		expect(captureTable.transitions.some(({ from, on }) => from === state && on === "stop")).toBe(false);
	});

	it("never begins without having been ready since the last fault, and stops only what began", () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...INPUTS), { maxLength: 50 }), (inputs) => {
				const machine = new StateMachine(captureTable);
				let able = false;
				let recording = false;
				for (const input of inputs) {
					const before = machine.state;
					const row = machine.handle(input);
					if (row === undefined) expect(machine.state).toBe(before);
					if (row?.to === "ready") able = true;
					if (row?.action === "begin") {
						expect(able).toBe(true);
						expect(recording).toBe(false);
						recording = true;
					}
					if (row?.action === "stop") {
						expect(recording).toBe(true);
						recording = false;
					}
					if (row?.to === "fault") {
						able = false;
						recording = false;
					}
				}
			}),
		);
	});
});
