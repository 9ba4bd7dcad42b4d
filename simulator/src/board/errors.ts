import { SimulatorError } from "../simulator-error.ts";

/** The firmware died, or there is none. The message carries the stack with lines of the TypeScript sources. */
export class BoardCrashError extends SimulatorError {
	override readonly name = "BoardCrashError";
	override readonly code = "firmware-crash";
	/** Name of the reset reason. */
	readonly reason: string;
	/** Where it happened, one frame a line. */
	readonly firmwareStack: string;

	/** @param firmwareStack - empty when there is none */
	constructor(camera: string, reason: string, message: string, firmwareStack: string) {
		const where = firmwareStack === "" ? "" : `\n${firmwareStack}`;
		super(`the firmware of ${camera} stopped (${reason}): ${message}${where}`);
		this.reason = reason;
		this.firmwareStack = firmwareStack;
	}
}

/** The firmware broke a rule of a peripheral. Real hardware would misbehave silently. */
export class BoardViolationError extends SimulatorError {
	override readonly name = "BoardViolationError";
	override readonly code = "board-violation";

	/** @param what - the rule and how it was broken */
	constructor(camera: string, what: string) {
		super(`the firmware of ${camera} misuses its board: ${what}`);
	}
}
