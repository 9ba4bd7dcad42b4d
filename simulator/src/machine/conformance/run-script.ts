/**
 * Runs a piece of JavaScript on the engine, and the same piece on the JavaScript engine of this process, so
 * that a test can hold one against the other.
 */
import { createContext, runInContext } from "node:vm";
import { compileArtefact } from "@bodycam/firmware/engine";
import { engineOfTests } from "../../testing/engines.ts";
import { machineFactory } from "../create-machine.ts";
import type { Machine, MachineOptions, RunResult } from "../machine.ts";
import { keepForTest } from "./test-machines.ts";

/** Room for results, at the end of media memory; scripts have the bytes before it. */
export const RESULT_BYTES = 64 * 1024;
/** Media memory that a script may use. */
export const SCRATCH_BYTES = 64 * 1024;

/** What a script came to. */
export interface ScriptOutcome {
	/** What it handed to `report`, in order; as JSON carries it. */
	readonly reports: readonly unknown[];
	/** How the last run ended. */
	readonly end: RunResult;
	/** The machine it ran on. */
	readonly machine: Machine;
}

/** A machine on the engine that is tested; it is closed when the test, or the file that made it, is over. */
export function testMachine(options: MachineOptions): Machine {
	return keepForTest(machineFactory(engineOfTests())(options));
}

/**
 * A machine whose firmware is `body`, run once for every record, with the record's fields as `kind`, `unit`,
 * `time`, `a` … `f`. `report(value)` hands a value out.
 */
export function scriptMachine(body: string, options: Partial<MachineOptions> = {}): Machine {
	const source = `(() => {
"use strict";
let end = ${SCRATCH_BYTES};
const report = (value) => {
	const length = native.writeText(end, ${SCRATCH_BYTES + RESULT_BYTES} - end, JSON.stringify({ value }));
	native.post(1, 0, end, length);
	end += length;
};
native.listen(function onRecord(kind, unit, time, a, b, c, d, e, f) { end = ${SCRATCH_BYTES}; {
${body}
} });
})();`;
	return testMachine({
		artefact: compileArtefact(source, "firmware.js"),
		mediaBytes: SCRATCH_BYTES + RESULT_BYTES,
		...options,
	});
}

/** Lets the machine handle what is queued and collects what the script reports. */
export function settle(machine: Machine): ScriptOutcome {
	const reports: unknown[] = [];
	const end = machine.run((_kind, _unit, _time, at, length) => {
		const text = new TextDecoder().decode(machine.media.read(at, length));
		reports.push((JSON.parse(text) as { value?: unknown }).value);
	});
	return { reports, end, machine };
}

/** Delivers one record and collects what the script reports. */
export function stepScript(machine: Machine, kind = 0, timeUs = 0): ScriptOutcome {
	machine.post(kind, 0, timeUs);
	return settle(machine);
}

/** Runs a script once, on a machine of its own. */
export function runScript(body: string, options: Partial<MachineOptions> = {}): ScriptOutcome {
	return stepScript(scriptMachine(body, options));
}

/** What the same script reports on the JavaScript engine of this process, its promise jobs included. */
export async function runReference(body: string): Promise<readonly unknown[]> {
	const reports: unknown[] = [];
	const report = (text: string) => reports.push((JSON.parse(text) as { value?: unknown }).value);
	const context = createContext({ reportText: report, TextEncoder, TextDecoder });
	runInContext(
		`(() => { "use strict"; const report = (value) => reportText(JSON.stringify({ value }));\n${body}\n})()`,
		context,
	);
	await new Promise((resolve) => setImmediate(resolve));
	return reports;
}

/** One piece of the language: its title, and a script that reports what it observed. */
export type Case = readonly [title: string, body: string];
