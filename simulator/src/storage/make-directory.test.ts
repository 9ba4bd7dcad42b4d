import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeDirectory } from "./make-directory.ts";

let root: string;

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "bodycam-mkdir-"));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test("makes what is missing, and minds nothing that is there", () => {
	const path = join(root, "a", "b", "c");
	makeDirectory(path, 0o700);
	makeDirectory(path);
	expect(statSync(path).isDirectory()).toBe(true);
	expect(statSync(path).mode & 0o777).toBe(0o700);
});

test("says so when a file is in the way, at the end or on the way", () => {
	writeFileSync(join(root, "file"), "");
	expect(() => makeDirectory(join(root, "file"))).toThrow("EEXIST");
	expect(() => makeDirectory(join(root, "file", "below"))).toThrow(/ENOTDIR|EEXIST/);
});

test.skipIf(!existsSync("/proc/self"))("gives up where the system makes no directories", () => {
	expect(() => makeDirectory("/proc/bodycam/below")).toThrow("ENOENT");
});
