import { type Lock, takeLock } from "@bodycam/simulator/state/lock";
import { StateError } from "@bodycam/simulator/storage/state-error";
import { BodycamError, RefusedError } from "../../errors.ts";

/** The file beside `part` that says which process writes it. */
export function partLockFile(part: string): string {
	return `${part}.lock`;
}

/**
 * Keeps other pulls from writing `part`. A lock whose process has died is taken over.
 * @throws {RefusedError} when another pull is at it
 * @throws {BodycamError} when the lock file cannot be made
 */
export function lockPart(part: string): Lock {
	try {
		return takeLock(
			partLockFile(part),
			"another pull is at it",
			"Wait for it, or pull into another directory.",
		);
	} catch (error) {
		if (!(error instanceof StateError)) throw error;
		if (error.exitCode !== 4)
			throw new BodycamError(error.message, {
				cause: error,
				...(error.hint === undefined ? {} : { hint: error.hint }),
			});
		throw new RefusedError(`another pull is fetching this: it writes ${part}`, {
			hint: "Wait for it, or pull into another directory.",
			cause: error,
		});
	}
}
