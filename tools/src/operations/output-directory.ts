import { accessSync, constants } from "node:fs";
import { makeDirectory } from "@bodycam/simulator/storage/make-directory";
import { UsageError } from "../errors.ts";

/**
 * Makes a directory for results, unless it is there.
 * @throws {UsageError} when it cannot be made or written to
 */
export function outputDirectory(path: string): void {
	try {
		makeDirectory(path);
		accessSync(path, constants.W_OK | constants.X_OK);
	} catch (error) {
		throw new UsageError(`${path} cannot take the files: ${(error as Error).message}`, {
			hint: "Give a directory for --out that you may write to.",
			cause: error,
		});
	}
}
