/** The firmware died, or there is none. The message carries the stack with lines of the TypeScript sources. */
export class BoardCrashError extends Error {
	/** Exit code of a command that fails with it. */
	readonly exitCode = 1;
	/** Name of the reset reason. */
	readonly reason: string;
	/** Where it happened, one frame a line. */
	readonly firmwareStack: string;

	constructor(camera: string, reason: string, message: string, firmwareStack: string) {
		const where = firmwareStack === "" ? "" : `\n${firmwareStack}`;
		super(`the firmware of ${camera} stopped (${reason}): ${message}${where}`);
		this.name = "BoardCrashError";
		this.reason = reason;
		this.firmwareStack = firmwareStack;
	}
}

/** The firmware broke a rule of a peripheral. Real hardware would misbehave silently. */
export class BoardViolationError extends Error {
	/** Exit code of a command that fails with it. */
	readonly exitCode = 1;

	constructor(camera: string, message: string) {
		super(`the firmware of ${camera} misuses its board: ${message}`);
		this.name = "BoardViolationError";
	}
}
