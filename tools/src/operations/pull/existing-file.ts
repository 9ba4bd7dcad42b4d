import { UsageError } from "../../errors.ts";
import { fileBytes, hashFile } from "./file-hash.ts";

/** What a file should be. */
export interface ExpectedFile {
	/** Number of the recording. */
	readonly number: number;
	/** Length in bytes. */
	readonly bytes: number;
	/** SHA-256, hexadecimal. */
	readonly sha256: string;
}

/**
 * Whether the file is there and is this recording already.
 * @param options - `overwrite`: a file of that name that is something else may be replaced
 * @throws {UsageError} when it is something else that may not be replaced
 */
export async function isThere(
	file: string,
	expected: ExpectedFile,
	options: { readonly overwrite?: boolean; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
	const bytes = await fileBytes(file);
	if (bytes === undefined) return false;
	if (bytes === expected.bytes && (await hashFile(file, options.signal)) === expected.sha256) return true;
	if (options.overwrite === true) return false;
	throw new UsageError(`${file} is there already and is not recording ${expected.number}`, {
		hint: "Name another file, move this one away, or give --overwrite to replace it.",
	});
}

/** Whether a file is there, and another begins with all of it and goes on: the other can take its place, nothing is lost. */
export async function goesOn(file: string, other: string, signal?: AbortSignal): Promise<boolean> {
	const bytes = await fileBytes(file);
	if (bytes === undefined || bytes === 0 || bytes >= ((await fileBytes(other)) ?? 0)) return false;
	return (await hashFile(file, signal)) === (await hashFile(other, signal, bytes));
}
