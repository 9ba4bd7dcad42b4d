import { mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildOfSourceMap, findSourceMap, keepSourceMap, labelSourceMap } from "./source-maps.ts";

let directory: string;
beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-maps-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

test("a map is found by the id of its build", () => {
	keepSourceMap("0123456789abcdef", "{}", directory);
	expect(findSourceMap("0123456789abcdef", directory)).toBe("{}");
	expect(findSourceMap("fedcba9876543210", directory)).toBeUndefined();
});

test("an id that is none leads to no file", () => {
	keepSourceMap("aa", "{}", directory);
	expect(findSourceMap("../maps/aa", directory)).toBeUndefined();
	expect(findSourceMap("", directory)).toBeUndefined();
});

test("the oldest maps go, and only maps are counted", () => {
	for (let build = 0; build < 202; build++) {
		const id = build.toString(16).padStart(16, "0");
		keepSourceMap(id, "{}", directory);
		utimesSync(join(directory, `${id}.js.map`), build, build);
	}
	keepSourceMap("f".repeat(16), "new", directory);
	expect(readdirSync(directory)).toHaveLength(200);
	expect(findSourceMap("0".repeat(16), directory)).toBeUndefined();
	expect(findSourceMap("f".repeat(16), directory)).toBe("new");
});

test("a map names its build, and keeps what it says besides", () => {
	const labelled = labelSourceMap('{"version":3,"mappings":"AAAA"}', "0123456789abcdef");
	expect(JSON.parse(labelled)).toMatchObject({ version: 3, mappings: "AAAA" });
	expect(buildOfSourceMap(labelled)).toBe("0123456789abcdef");
});

test.each(["{}", "[]", "null", '"x"', '{"x_bodycam_build":7}'])("%s names no build", (text) => {
	expect(buildOfSourceMap(text)).toBeUndefined();
});
