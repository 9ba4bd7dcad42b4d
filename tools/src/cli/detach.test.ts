import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConnectionError } from "../errors.ts";
import { startDetached } from "./detach.ts";

let directory: string;
let logFile: string;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-detach-"));
	logFile = join(directory, "cam.log");
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A program to be started in the background. */
function program(source: string): string {
	const path = join(directory, "program.cjs");
	writeFileSync(path, source);
	return path;
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

test("what the process says that it started is returned", async () => {
	const launcher = program(
		"process.send({ started: [{ name: process.argv[2] }] }, () => process.disconnect());",
	);
	expect(await startDetached(["cam1"], { logFile, launcher })).toEqual([{ name: "cam1" }]);
});

test("a process that says nothing in time is ended", async () => {
	const launcher = program("setInterval(() => {}, 1000);");
	await expect(startDetached([], { logFile, launcher, limitMs: 1 })).rejects.toThrow(ConnectionError);
});

test("a process is ended when its start is stopped, and the reason is thrown once it is gone", async () => {
	const pidFile = join(directory, "pid");
	const launcher = program(
		`process.on("SIGTERM", () => process.exit(143));
		require("node:fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
		setInterval(() => {}, 1000);`,
	);
	const stop = new AbortController();
	const reason = new Error("Ctrl-C");
	const start = startDetached([], { logFile, launcher, signal: stop.signal });
	const rejection = expect(start).rejects.toBe(reason);
	while (!existsSync(pidFile) || readFileSync(pidFile, "utf8") === "")
		await new Promise((resolve) => setImmediate(resolve));
	stop.abort(reason);
	await rejection;
	expect(isAlive(Number(readFileSync(pidFile, "utf8")))).toBe(false);
});
