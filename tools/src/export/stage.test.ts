import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DiskFullError } from "../errors.ts";
import { ExportStage, roomError } from "./stage.ts";

let directory = "";
beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "stage-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const path = (name: string): string => join(directory, name);
const open = (to: string, signal?: AbortSignal) => ExportStage.open({ to: path(to), now: 0, signal });
const bytes = Buffer.from("abc");
const SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

describe.each(["case", "case.zip"])("an export to %s", (to) => {
	test("tells length and digest of what it wrote", async () => {
		const stage = await open(to);
		expect(await stage.add("a", { bytes })).toEqual({ name: "a", bytes: 3, sha256: SHA256 });
		writeFileSync(stage.work("b"), "abc");
		expect(await stage.add("b", { move: stage.work("b") })).toEqual({ name: "b", bytes: 3, sha256: SHA256 });
		await stage.discard();
	});

	test("has its name only when it is whole, and nothing else stays", async () => {
		const stage = await open(to);
		await stage.add("a", { bytes });
		expect(readdirSync(directory)).not.toContain(to);
		await stage.commit();
		expect(readdirSync(directory)).toEqual([to]);
	});

	test("leaves nothing when it is given up in the middle of a file", async () => {
		const stage = await open(to);
		const failing = async function* (): AsyncGenerator<Uint8Array> {
			yield new Uint8Array(1 << 21);
			throw new Error("the source broke");
		};
		await expect(stage.add("a", { blocks: failing() })).rejects.toThrow("the source broke");
		await stage.discard();
		expect(readdirSync(directory)).toEqual([]);
	});

	test("stops in the middle of a file when it is told to", async () => {
		const stop = new AbortController();
		const stage = await open(to, stop.signal);
		const endless = async function* (): AsyncGenerator<Uint8Array> {
			for (let block = 0; ; block++) {
				if (block === 10) stop.abort(new Error("Ctrl-C"));
				yield new Uint8Array(1 << 16);
			}
		};
		await expect(stage.add("a", { blocks: endless() })).rejects.toThrow();
		await stage.discard();
		expect(readdirSync(directory)).toEqual([]);
	});

	test("never goes over something that has appeared meanwhile", async () => {
		const stage = await open(to);
		await stage.add("a", { bytes });
		mkdirSync(path(to));
		writeFileSync(join(path(to), "mine"), "mine");
		await expect(stage.commit()).rejects.toMatchObject({ code: "usage" });
		await stage.discard();
		expect(readFileSync(join(path(to), "mine"), "utf8")).toBe("mine");
	});

	test("is for its owner alone, while it is made and after", async () => {
		const stage = await open(to);
		const [hidden = ""] = readdirSync(directory);
		expect(statSync(path(hidden)).mode & 0o077).toBe(0);
		await stage.commit();
		expect(statSync(path(to)).mode & 0o077).toBe(0);
	});
});

test("an empty directory is a place for an export", async () => {
	mkdirSync(path("case"));
	const stage = await open("case");
	await stage.add("a", { bytes });
	await stage.commit();
	expect(readdirSync(path("case"))).toEqual(["a"]);
});

describe("want of room", () => {
	test.each(["ENOSPC", "EDQUOT"])("%s is a full disk", (code) => {
		const error = roomError(Object.assign(new Error(code), { code }), "/somewhere/case");
		expect(error).toBeInstanceOf(DiskFullError);
		expect(error).toMatchObject({ message: "the disk is full: the export does not fit into /somewhere" });
	});

	test("a file system that takes no large files is told apart, with what to do", () => {
		const error = roomError(Object.assign(new Error(""), { code: "EFBIG" }), "/stick/case");
		expect(error).toMatchObject({ code: "disk-full", hint: expect.stringContaining("exFAT") });
	});

	test("anything else stays what it is", () => {
		const error = new Error("else");
		expect(roomError(error, "/a")).toBe(error);
	});
});
