import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** SHA-256 of a file, hexadecimal, read from the disk. @param bytes - how much of it, at least 1; all of it without */
export async function hashFile(file: string, signal?: AbortSignal, bytes?: number): Promise<string> {
	const hash = createHash("sha256");
	const stream = createReadStream(file, {
		highWaterMark: 1 << 20,
		...(signal !== undefined && { signal }),
		...(bytes !== undefined && { end: bytes - 1 }),
	});
	for await (const piece of stream) hash.update(piece as Uint8Array);
	return hash.digest("hex");
}

/** Length of a file in bytes; undefined when there is none. */
export async function fileBytes(file: string): Promise<number | undefined> {
	try {
		return (await stat(file)).size;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}
