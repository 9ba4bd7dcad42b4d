import { SimulatorError } from "../simulator-error.ts";

/** A port of this host cannot be had: why, and what to do. */
export class PortError extends SimulatorError {
	override readonly name = "PortError";
	override readonly code = "port";

	/** @param advice - what to do about it, a sentence */
	constructor(port: string, reason: string, advice: string) {
		super(`${port}: ${reason}`, advice);
	}
}
