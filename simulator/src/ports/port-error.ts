/** A port of this host cannot be had. The message says what to do. */
export class PortError extends Error {
	/** Exit code of a command that fails with it. */
	readonly exitCode = 1;

	/** @param advice - what to do about it, a sentence */
	constructor(port: string, reason: string, advice: string) {
		super(`${port}: ${reason}. ${advice}`);
		this.name = "PortError";
	}
}
