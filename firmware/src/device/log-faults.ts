import type { LogState } from "@bodycam/protocol/camera/event-log";
import type { Faults } from "./faults.ts";

const FULL = "events are no longer kept on the card: read it out and format it";
const ERROR = "events cannot be written to the card";

/** Keeps the faults in step with the event log. @param low - whether little room is left for it */
export function tellLogState(faults: Pick<Faults, "set">, state: LogState, low: boolean): void {
	const full = state === "full";
	const error = state === "error";
	faults.set("log-full", full, full ? FULL : undefined);
	faults.set("log-error", error, error ? ERROR : undefined);
	faults.set("log-low", low && !full);
}
