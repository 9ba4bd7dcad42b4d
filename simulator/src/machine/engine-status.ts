/**
 * Why an engine stopped, by the numbers of `firmware/runtime/common/engine.h`.
 */
import type { RunResult } from "./machine.ts";

/** A machine that will not run again, and why. */
export type Death = Extract<RunResult, { state: "dead" }>;

/** Reset reasons by status. */
const REASONS: Readonly<Record<number, Death["reason"]>> = {
	1: "outOfMemory",
	2: "stackOverflow",
	3: "watchdog",
};

/** The reset reason that a status stands for. */
export function reasonOf(status: number): Death["reason"] {
	return REASONS[status] ?? "exception";
}

/** The end of a machine that was closed, or whose power was cut. */
export const CLOSED: Death = {
	state: "dead",
	reason: "powerCut",
	message: "the machine was closed",
	stack: "",
};
