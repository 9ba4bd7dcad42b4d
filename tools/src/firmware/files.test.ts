import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeFailure } from "../cli/failure.ts";
import { writeWhole } from "./files.ts";

let directory: string;
beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-files-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What is told when a file cannot be written. */
function failureOf(path: string) {
	try {
		writeWhole(path, "x");
	} catch (error) {
		return describeFailure(error);
	}
	throw new Error("it was written");
}

test("a file is put in place, and nothing is left beside it", () => {
	writeWhole(join(directory, "image"), "x");
	expect(readFileSync(join(directory, "image"), "utf8")).toBe("x");
	expect(readdirSync(directory)).toEqual(["image"]);
});

test("what cannot be written is named as it was asked for", () => {
	const missing = join(directory, "nowhere", "image");
	expect(failureOf(missing).message).toBe(`${missing}: there is no such file or directory`);
	const folder = join(directory, "folder");
	mkdirSync(folder);
	expect(failureOf(folder)).toMatchObject({ message: `${folder}: it is a directory` });
	expect(readdirSync(directory)).toEqual(["folder"]);
});
