import { SimulatorError } from "../simulator-error.ts";

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

/** The file given as the scene cannot be used: what was wrong and what to do. Exit code 2 when it is missing, else 1. */
export class CameraFileError extends SimulatorError {
	override readonly name: string = "CameraFileError";
	override readonly code: string = "camera-file";
	/** What is wrong. */
	readonly fault: CameraFileFault;
	/** The file. */
	readonly path: string;

	/** @param advice - what to do about it, a sentence */
	constructor(fault: CameraFileFault, path: string, what: string, advice: string) {
		super(`${path}: ${what}`, advice, fault === "missing" ? 2 : 1);
		this.fault = fault;
		this.path = path;
	}
}

/** The file given as what the microphone hears cannot be used. */
export class MicrophoneFileError extends CameraFileError {
	override readonly name = "MicrophoneFileError";
	override readonly code = "microphone-file";
}
