import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { checkReplaceable, outputDirectory, removeEmpty } from "./output-directory.ts";

let directory: string;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-output-"));
	writeFileSync(join(directory, "afile"), "x");
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("a file is named as one, with what to give instead", () => {
	const file = join(directory, "afile");
	expect(() => outputDirectory(file)).toThrow(`${file} is a file, give a directory`);
});

test("a file above the directory is named", () => {
	const file = join(directory, "afile");
	expect(() => outputDirectory(join(file, "a", "b"))).toThrow(`${file} is a file`);
});

test("an empty path is a mistake in the call", () => {
	expect(() => outputDirectory("")).toThrow(UsageError);
});

test("directories that it made are removed again, no others and none that holds something", () => {
	const made = outputDirectory(join(directory, "a", "b"));
	removeEmpty(made);
	expect(existsSync(join(directory, "a"))).toBe(false);
	expect(existsSync(directory)).toBe(true);
	const again = outputDirectory(join(directory, "a", "b"));
	writeFileSync(join(directory, "a", "kept"), "x");
	removeEmpty(again);
	expect(existsSync(join(directory, "a", "b"))).toBe(false);
	expect(existsSync(join(directory, "a", "kept"))).toBe(true);
	expect(outputDirectory(join(directory, "a"))).toEqual([]);
});

test("a plain file or nothing can be replaced, a directory cannot", () => {
	mkdirSync(join(directory, "recording.mp4"));
	expect(() => checkReplaceable(directory, "recording.mp4")).toThrow("is a directory");
	checkReplaceable(directory, "afile");
	checkReplaceable(directory, "absent");
});
