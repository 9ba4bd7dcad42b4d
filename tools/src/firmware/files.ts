import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { BodycamError, UsageError } from "../errors.ts";

/** Far above any image: a larger file is something else, bytes. */
const FILE_MAX = 64 * 1024 * 1024;

/**
 * Reads a file that is small enough to be an image, a key or a signature.
 * @throws {UsageError} when it is not there @throws {BodycamError} when it is no file, or too large
 */
export function readWhole(path: string): Uint8Array {
	let file: number;
	try {
		file = openSync(path, "r");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		throw new UsageError(`there is no file ${path}`, { cause: error });
	}
	try {
		const status = fstatSync(file);
		if (!status.isFile()) throw new BodycamError(`${path} is no file`);
		if (status.size > FILE_MAX) throw new BodycamError(`${path} is too large: ${status.size} bytes`);
		return new Uint8Array(readFileSync(file));
	} finally {
		closeSync(file);
	}
}

/**
 * Puts a file in place at once: whoever reads it sees the old or the new one, and a full disk leaves the old one.
 * @throws Error of the system, about the file that was asked for
 */
export function writeWhole(path: string, content: Uint8Array | string): void {
	const temporary = `${path}.${process.pid}.tmp`;
	try {
		writeFileSync(temporary, content);
		renameSync(temporary, path);
	} catch (error) {
		rmSync(temporary, { force: true });
		throw about(path, temporary, error);
	}
}

/** An error of the system about a file instead of the temporary one, which nobody knows. */
function about(path: string, temporary: string, error: unknown): unknown {
	if (!(error instanceof Error) || !("path" in error)) return error;
	error.message = error.message.replaceAll(temporary, path);
	return Object.assign(error, { path });
}
