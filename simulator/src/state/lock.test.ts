import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isLocked, takeLock } from "./lock.ts";

let directory: string;
let path: string;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-lock-"));
	path = join(directory, "lock");
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Starts a process that leaves a dead child behind without asking for its end; resolves with the child's number. */
async function makeZombie(): Promise<{ parent: ChildProcess; pid: number }> {
	// The child ends only when the shell has become something that does not ask for it.
	const script = '(while [ "$(cat /proc/$$/comm)" = sh ]; do :; done) & echo $!; exec sleep 60';
	const parent = spawn("sh", ["-c", script], {
		stdio: ["ignore", "pipe", "ignore"],
	});
	const [line] = (await once(parent.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
	const pid = Number(line.toString());
	while (fields(pid)[0] !== "Z") await new Promise((resolve) => setImmediate(resolve));
	return { parent, pid };
}

function fields(pid: number): string[] {
	const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
	return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

test("a lock is held until it is released", () => {
	const lock = takeLock(path, "in use", "Wait.");
	expect(lock.wasStale).toBe(false);
	expect(isLocked(path)).toBe(true);
	expect(() => takeLock(path, "in use", "Wait.")).toThrow("in use");
	lock.release();
	expect(isLocked(path)).toBe(false);
});

test.skipIf(!existsSync("/proc/self/stat"))(
	"a killed holder that is still in the table of processes holds nothing",
	async () => {
		const { parent, pid } = await makeZombie();
		try {
			writeFileSync(path, `${pid} ${fields(pid)[19]}`);
			expect(isLocked(path)).toBe(false);
			expect(takeLock(path, "in use", "Wait.").wasStale).toBe(true);
		} finally {
			parent.kill("SIGKILL");
		}
	},
);
