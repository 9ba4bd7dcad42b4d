import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resumeRecordFile, writeResumeRecord } from "./resume-record.ts";

let directory: string;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-resume-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("a record that cannot be put in its place leaves no other file behind", async () => {
	const part = join(directory, "a.mp4.part");
	mkdirSync(resumeRecordFile(part));
	const record = { device: "00", number: 1, bytes: 2, sha256: "00", received: 0 };
	await expect(writeResumeRecord(part, record)).rejects.toThrow();
	expect(readdirSync(directory)).toEqual(["a.mp4.part.json"]);
});
