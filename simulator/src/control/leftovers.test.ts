import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLock } from "../state/lock.ts";
import { removeLeftovers } from "./leftovers.ts";

/** A process number that no system gives. */
const DEAD = "99999999 1";

let directory: string;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-leftovers-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, text = "x"): void {
	writeFileSync(join(directory, name), text);
}

const LATER = Date.now() + 3_600_000;

test("what a killed simulator and an ended one left goes", () => {
	write("killed.lock", DEAD);
	for (const name of ["killed.json", "killed.sock", "ended.log", "group@fleet.log"]) write(name);
	removeLeftovers(directory, LATER);
	expect(readdirSync(directory)).toEqual([]);
});

test("what a running simulator has stays, the log of its group and files of others too", () => {
	const lock = takeLock(join(directory, "fleet-1.lock"), "in use", "");
	for (const name of ["fleet-1.json", "group@fleet.log", "note.txt"]) write(name);
	removeLeftovers(directory, LATER);
	expect(readdirSync(directory).sort()).toEqual([
		"fleet-1.json",
		"fleet-1.lock",
		"group@fleet.log",
		"note.txt",
	]);
	lock.release();
});

test("a log that was just made stays: its simulator is about to start", () => {
	write("starting.log");
	removeLeftovers(directory);
	expect(readdirSync(directory)).toEqual(["starting.log"]);
});
