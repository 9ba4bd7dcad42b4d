import { readFile, stat } from "node:fs/promises";
import { CameraFileError } from "./camera-file-error.ts";

/** Largest file that is taken: it is kept in memory. */
const MAXIMUM_BYTES = 1024 ** 3;

/**
 * Reads a file that is to be the scene.
 * @throws CameraFileError when it is missing, not a file, empty, too large or not readable
 */
export async function readSceneFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
	let size: number;
	try {
		const found = await stat(path);
		if (!found.isFile()) {
			throw new CameraFileError("unreadable", path, "it is not a file", "Give the path of a video file.");
		}
		size = found.size;
	} catch (error) {
		if (error instanceof CameraFileError) throw error;
		if ((error as NodeJS.ErrnoException).code === "ENOENT") {
			throw new CameraFileError("missing", path, "no such file", "Check the path.");
		}
		throw unreadable(path, error);
	}
	if (size === 0) throw new CameraFileError("empty", path, "the file is empty", "Give a file with content.");
	if (size > MAXIMUM_BYTES) {
		const advice = `It is kept in memory and looped: cut it, for example ffmpeg -i ${path} -t 60 -c copy short.mp4`;
		throw new CameraFileError("too-large", path, `${size} bytes are more than 1 GiB`, advice);
	}
	try {
		return new Uint8Array(await readFile(path));
	} catch (error) {
		throw unreadable(path, error);
	}
}

function unreadable(path: string, error: unknown): CameraFileError {
	const reason = error instanceof Error ? error.message : String(error);
	return new CameraFileError("unreadable", path, `cannot be read (${reason})`, "Check its permissions.");
}
