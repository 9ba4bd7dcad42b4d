import { type FileHandle, open } from "node:fs/promises";
import { EvidenceFileError } from "./evidence-error.ts";
import { readFully } from "./read-ahead.ts";

/** Longest custody record that is read: a recording of a day and a night has about 40 MB. */
const RECORD_BYTES_MAX = 128 << 20;

/**
 * Reads a custody record whole.
 * @throws {EvidenceFileError} when there is no such file, or it is too long to be one
 * @throws the system's error when it cannot be read
 */
export async function readRecordFile(path: string): Promise<Uint8Array> {
	const file = await openEvidenceFile(path);
	try {
		const { size } = await file.stat();
		if (size > RECORD_BYTES_MAX)
			throw new EvidenceFileError(`${path} is no custody record: it has ${size} bytes`);
		return await readFully(file, Buffer.alloc(size), 0);
	} finally {
		await file.close();
	}
}

/**
 * Opens a file that belongs to a recording.
 * @throws {EvidenceFileError} when it is missing
 * @throws the system's error when it cannot be opened
 */
export async function openEvidenceFile(path: string): Promise<FileHandle> {
	try {
		return await open(path, "r");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		throw new EvidenceFileError(`${path} is missing: a recording is two files, and this one belongs to it`, {
			cause: error,
		});
	}
}
