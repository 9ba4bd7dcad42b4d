import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { StateError } from "../storage/state-error.ts";

/** How a lock was had. */
export interface Lock {
	/** True when an earlier holder died without giving it back. */
	readonly wasStale: boolean;
	/** Gives it back. Idempotent. */
	release(): void;
}

/**
 * Takes a lock file for this process. One whose holder is dead is taken over.
 * @throws StateError when a living process holds it, or the file cannot be made
 */
export function takeLock(path: string, what: string, advice: string): Lock {
	const holder = readHolder(path);
	if (holder !== undefined && alive(holder)) {
		throw new StateError(path, `${what} (process ${holder.split(" ")[0]})`, advice, 4);
	}
	if (holder !== undefined) unlinkSync(path);
	try {
		const file = openSync(path, "wx");
		writeSync(file, identity(process.pid));
		closeSync(file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") throw new StateError(path, what, advice, 4);
		throw new StateError(path, `cannot be written (${(error as Error).message})`, "Check its permissions.");
	}
	let held = true;
	return {
		wasStale: holder !== undefined,
		release: () => {
			if (!held) return;
			held = false;
			try {
				unlinkSync(path);
			} catch {
				// The directory was removed meanwhile: there is nothing left to give back.
			}
		},
	};
}

/** Whether a living process holds the lock. */
export function isLocked(path: string): boolean {
	const holder = readHolder(path);
	return holder !== undefined && alive(holder);
}

function readHolder(path: string): string | undefined {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw new StateError(path, `cannot be read (${(error as Error).message})`, "Check its permissions.");
	}
}

/** Whether the process that wrote its identity still lives; a number that was given to another one does not count. */
function alive(holder: string): boolean {
	const pid = Number(holder.split(" ")[0]);
	if (!Number.isInteger(pid) || pid <= 0) return false;
	try {
		process.kill(pid, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
	}
	return identity(pid) === holder && !isZombie(pid);
}

/** A killed process whose parent has not asked for its end yet holds nothing any more. */
function isZombie(pid: number): boolean {
	return /^[ZX]$/.test(procStat(pid)?.[0] ?? "");
}

/** Process number, and where the system tells it the time at which the process began. */
function identity(pid: number): string {
	const begun = procStat(pid)?.[19];
	return begun === undefined ? `${pid}` : `${pid} ${begun}`;
}

/** What Linux tells about a process from its state on (proc(5)); undefined elsewhere, or without it. */
function procStat(pid: number): string[] | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
		return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	} catch {
		return undefined;
	}
}
