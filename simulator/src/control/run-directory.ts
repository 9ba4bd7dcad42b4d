import { statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { SimulatorError } from "../simulator-error.ts";
import { makeDirectory } from "../storage/make-directory.ts";

/** The environment variable that names the directory of running simulators. */
export const RUN_VARIABLE = "BODYCAM_RUN";

/**
 * The directory in which running simulators are registered: `$BODYCAM_RUN`, else `$XDG_RUNTIME_DIR/bodycam`, else
 * `bodycam-UID` in the directory for temporary files. Made if it is not there, for this user only.
 * @throws SimulatorError when it cannot be made or belongs to someone else
 */
export function runDirectory(): string {
	const directory = chosenDirectory();
	try {
		makeDirectory(directory, 0o700);
	} catch (error) {
		throw unusable(directory, (error as Error).message);
	}
	const found = statSync(directory);
	if (!found.isDirectory()) throw unusable(directory, "it is not a directory");
	const { uid } = userInfo();
	if (uid >= 0 && found.uid !== uid) throw unusable(directory, "it belongs to another user");
	return directory;
}

function chosenDirectory(): string {
	const { [RUN_VARIABLE]: chosen, XDG_RUNTIME_DIR: runtime } = process.env;
	if (chosen) return chosen;
	return runtime ? join(runtime, "bodycam") : join(tmpdir(), `bodycam-${userInfo().uid}`);
}

function unusable(directory: string, reason: string): SimulatorError {
	const hint = `Set ${RUN_VARIABLE} to a directory that you may write to.`;
	return new SimulatorError(
		`the directory of running simulators ${directory} cannot be used: ${reason}`,
		hint,
	);
}
