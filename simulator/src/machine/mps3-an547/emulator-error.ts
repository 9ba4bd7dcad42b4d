import { SimulatorError } from "../../simulator-error.ts";

/** The Cortex-M55 image cannot be run here: it, or the emulator, is missing or does not fit. */
export class EmulatorError extends SimulatorError {
	override readonly name = "EmulatorError";
	override readonly code = "emulator";
}

/** The emulator ended, so nothing more comes from it. */
export class EmulatorEndedError extends Error {
	override readonly name = "EmulatorEndedError";
	/** True when it was ended because it gave no answer in time. */
	readonly timedOut: boolean;

	/** @param message - what is known about its end */
	constructor(message: string, timedOut: boolean) {
		super(message);
		this.timedOut = timedOut;
	}
}
