/**
 * Calls single natives with arguments from a test.
 */
import { expect } from "vitest";
import type { WasmMachine } from "../wasm-machine.ts";
import { scriptMachine, settle } from "./run-script.ts";

/** A machine whose firmware calls one native with the arguments of each record; errors come back as text. */
export function machineFor(native: string): WasmMachine {
	return scriptMachine(`
		const args = [a, b, c, d, e, f].slice(0, kind);
		try { const result = native.${native}(...args); report(result === undefined ? null : result) }
		catch (error) { report(error.name + ": " + error.message) }`);
}

/** Calls the native of such a machine; its result, or the error's text. */
export function call(machine: WasmMachine, ...args: number[]): unknown {
	machine.post(args.length, 0, 0, ...args);
	const { reports, end } = settle(machine);
	expect(end).toEqual({ state: "idle" });
	return reports[0];
}

/** Queues one plain record. */
export function nudge(machine: WasmMachine): WasmMachine {
	machine.post(0, 0, 0);
	return machine;
}

/** UTF-8. */
export function utf8(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}
