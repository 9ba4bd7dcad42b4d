/**
 * Calls single natives with arguments from a test.
 */
import { expect } from "vitest";
import type { Machine, MachineOptions } from "../machine.ts";
import { RESULT_BYTES, SCRATCH_BYTES, scriptMachine, settle } from "./run-script.ts";
import { keepForFile } from "./test-machines.ts";

/** A record carries six arguments; more of them come as text, here. */
const ARGUMENTS_MAX = 6;
const ARGUMENTS_AT = SCRATCH_BYTES + RESULT_BYTES - 1024;

/** A machine whose firmware calls one native with the arguments of each record; errors come back as text. */
export function machineFor(native: string, options: Partial<MachineOptions> = {}): Machine {
	return scriptMachine(
		`
		const args = kind > ${ARGUMENTS_MAX} ? JSON.parse(native.readText(a, b)) : [a, b, c, d, e, f].slice(0, kind);
		try { const result = native.${native}(...args); report(result === undefined ? null : result) }
		catch (error) { report(error.name + ": " + error.message) }`,
		options,
	);
}

/** Media memory of a shared machine, bytes. */
export const SHARED_BYTES = 2 * (SCRATCH_BYTES + RESULT_BYTES);
/** An offset of a shared machine from which on there is nothing but room for long messages. */
export const SHARED_ROOM = SCRATCH_BYTES + RESULT_BYTES;

const shared = new Map<string, Machine>();

/** The same, but one machine for all tests of a file: in its memory lies what the tests before left there. */
export function sharedMachineFor(native: string): Machine {
	const machine = shared.get(native) ?? keepForFile(() => machineFor(native, { mediaBytes: SHARED_BYTES }));
	shared.set(native, machine);
	return machine;
}

/** Calls the native of such a machine; its result, or the error's text. */
export function call(machine: Machine, ...args: number[]): unknown {
	if (args.length > ARGUMENTS_MAX) {
		const text = utf8(JSON.stringify(args));
		machine.media.write(ARGUMENTS_AT, text);
		machine.post(args.length, 0, 0, ARGUMENTS_AT, text.length);
	} else machine.post(args.length, 0, 0, ...args);
	const { reports, end } = settle(machine);
	expect(end).toEqual({ state: "idle" });
	return reports[0];
}

/** Queues one plain record. */
export function nudge(machine: Machine): Machine {
	machine.post(0, 0, 0);
	return machine;
}

/** UTF-8. */
export function utf8(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}
