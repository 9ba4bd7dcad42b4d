/** What is wrong with a file that was to be the scene. */
export type CameraFileFault =
	| "missing"
	| "unreadable"
	| "empty"
	| "not-a-video"
	| "no-picture"
	| "wrong-codec"
	| "truncated"
	| "no-keyframes"
	| "too-large"
	| "timeout"
	| "not-a-sound";

/** The file given as the scene cannot be used. The message says what was wrong and what to do. */
export class CameraFileError extends Error {
	/** What is wrong. */
	readonly fault: CameraFileFault;
	/** The file. */
	readonly path: string;
	/** Exit code of a command that fails with it. */
	readonly exitCode: number;

	/** @param advice - what to do about it, a sentence */
	constructor(fault: CameraFileFault, path: string, what: string, advice: string) {
		super(`${path}: ${what}. ${advice}`);
		this.name = "CameraFileError";
		this.fault = fault;
		this.path = path;
		this.exitCode = fault === "missing" ? 2 : 1;
	}
}
