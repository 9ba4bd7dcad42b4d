import { readdirSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { isLocked } from "../state/lock.ts";

/** What a simulator has in the directory of running simulators. */
const ENDINGS = [".lock", ".json", ".sock", ".log"] as const;

/** Logs of simulators with several cameras are called `group@NAME.log`. */
const GROUP = "group@";

/** Younger files are left alone, ms: whoever made them may be about to start. */
const STARTING_MS = 180_000;

/**
 * Removes from the directory of running simulators what ended ones left there: logs, and whatever a killed one had.
 * @param now - the time, ms since 1970 UTC
 */
export function removeLeftovers(directory: string, now = Date.now()): void {
	const files = readdirSync(directory);
	const running = files
		.filter((file) => file.endsWith(".lock"))
		.map((file) => file.slice(0, -".lock".length))
		.filter((name) => isLocked(join(directory, `${name}.lock`)));
	for (const file of files) {
		const ending = ENDINGS.find((one) => file.endsWith(one));
		if (ending === undefined) continue;
		const name = file.slice(0, -ending.length);
		const inUse = name.startsWith(GROUP)
			? running.some((one) => one.startsWith(`${name.slice(GROUP.length)}-`))
			: running.includes(name);
		if (!inUse) removeOld(join(directory, file), now);
	}
}

function removeOld(path: string, now: number): void {
	try {
		if (now - statSync(path).mtimeMs > STARTING_MS) unlinkSync(path);
	} catch {
		// Someone else tidied up.
	}
}
