import { readFile, stat } from "node:fs/promises";
import { CameraFileError, MicrophoneFileError } from "./camera-file-error.ts";

/** Largest file that is taken: it is kept in memory. */
const MAXIMUM_BYTES = 1024 ** 3;

/**
 * Reads a file that is to be the scene.
 * @throws CameraFileError when it is missing, not a file, empty, too large or not readable
 */
export function readSceneFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
	return readWhole(path, CameraFileError, "Give the path of a video file.");
}

/**
 * Reads a file that is to be heard.
 * @throws MicrophoneFileError when it is missing, not a file, empty, too large or not readable
 */
export function readMicrophoneFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
	return readWhole(path, MicrophoneFileError, "Give the path of a WAV file.");
}

async function readWhole(
	path: string,
	Failure: typeof CameraFileError,
	wanted: string,
): Promise<Uint8Array<ArrayBuffer>> {
	let size: number;
	try {
		const found = await stat(path);
		if (!found.isFile()) {
			throw new Failure("unreadable", path, "it is not a file", wanted);
		}
		size = found.size;
	} catch (error) {
		if (error instanceof CameraFileError) throw error;
		if ((error as NodeJS.ErrnoException).code === "ENOENT") {
			throw new Failure("missing", path, "no such file", "Check the path.");
		}
		throw unreadable(path, error, Failure);
	}
	if (size === 0) throw new Failure("empty", path, "the file is empty", "Give a file with content.");
	if (size > MAXIMUM_BYTES) {
		const advice = `It is kept in memory and looped: cut it, for example ffmpeg -i ${path} -t 60 -c copy short.mp4`;
		throw new Failure("too-large", path, `${size} bytes are more than 1 GiB`, advice);
	}
	try {
		return new Uint8Array(await readFile(path));
	} catch (error) {
		throw unreadable(path, error, Failure);
	}
}

function unreadable(path: string, error: unknown, Failure: typeof CameraFileError): CameraFileError {
	const reason = error instanceof Error ? error.message : String(error);
	return new Failure("unreadable", path, `cannot be read (${reason})`, "Check its permissions.");
}
