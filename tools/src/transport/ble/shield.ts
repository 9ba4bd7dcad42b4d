import process from "node:process";

const failures = new Set<(error: Error) => void>();

/** Where noble and what it stands on are found in stacks. */
const NOBLE = /[\\/]@stoprocent[\\/]/;

/**
 * noble throws where nobody can catch it when a controller or a camera sends what it does not expect: a cut packet, an
 * answer to no question. What it throws fails its users instead of ending the process; all else ends it as ever.
 * @param failed - told what noble threw
 * @returns how to end it
 */
export function shieldNoble(failed: (error: Error) => void): () => void {
	if (failures.size === 0) process.on("uncaughtException", caught);
	failures.add(failed);
	return () => {
		if (failures.delete(failed) && failures.size === 0) process.off("uncaughtException", caught);
	};
}

function caught(error: unknown): void {
	if (error instanceof Error && NOBLE.test(error.stack ?? "")) {
		for (const failed of [...failures]) failed(error);
		return;
	}
	process.off("uncaughtException", caught);
	// With another listener it is that one's; without, Node ends the process and says why.
	if (process.listenerCount("uncaughtException") > 0) return;
	setImmediate(() => {
		throw error;
	});
}
