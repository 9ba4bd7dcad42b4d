import process from "node:process";

/** How long noble may fail after it was stopped, ms: what it had still to write finds the port gone. */
const GRACE = 1000;

const failures = new Set<(error: Error) => void>();
let users = 0;

/** Where noble and what it stands on are found in stacks. */
const NOBLE = /[\\/]@stoprocent[\\/]/;

/** A frame of a stack. */
const FRAME = /\n\s+at /;

/** What a port that has gone says. */
const GONE: readonly unknown[] = ["EIO", "ENXIO", "ENODEV", "EBADF"];

/**
 * noble throws where nobody can catch it when a controller or a camera sends what it does not expect: a cut packet, an
 * answer to no question; and when its port goes while it has something to write. That fails its users instead of
 * ending the process; all else ends it as ever.
 * @param failed - told what noble threw
 * @returns how to end it
 */
export function shieldNoble(failed: (error: Error) => void): () => void {
	if (users === 0) process.on("uncaughtException", caught);
	users += 1;
	failures.add(failed);
	return () => {
		if (!failures.delete(failed)) return;
		setTimeout(() => {
			users -= 1;
			if (users === 0) process.off("uncaughtException", caught);
		}, GRACE).unref();
	};
}

function caught(error: unknown): void {
	if (error instanceof Error && isNobles(error)) {
		for (const failed of [...failures]) failed(error);
		return;
	}
	// With another listener it is that one's; without, Node ends the process and says why.
	if (process.listenerCount("uncaughtException") > 1) return;
	process.off("uncaughtException", caught);
	setImmediate(() => {
		throw error;
	});
}

/** An error of the system has no frame where nobody in this process called for it: what noble had queued. */
function isNobles(error: NodeJS.ErrnoException): boolean {
	const stack = error.stack ?? "";
	return NOBLE.test(stack) || (GONE.includes(error.code) && !FRAME.test(stack));
}
