import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labelSourceMap } from "@bodycam/firmware/source-maps";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { sourceMapOf } from "./source-map.ts";

const BUILD = "0123456789abcdef";
let directory: string;
let file: string;
beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-map-"));
	file = join(directory, "firmware.img.map");
});
afterEach(() => rmSync(directory, { recursive: true }));

test("the map of the build is taken", () => {
	const map = labelSourceMap('{"version":3}', BUILD);
	writeFileSync(file, map);
	expect(sourceMapOf(BUILD, file)).toBe(map);
});

test("the map of another build is refused, and both are named", () => {
	writeFileSync(file, labelSourceMap('{"version":3}', "fedcba9876543210"));
	const take = () => sourceMapOf(BUILD, file);
	expect(take).toThrow(UsageError);
	expect(take).toThrow(/build fedcba9876543210; what died is build 0123456789abcdef/);
});

test.each([
	["that names no build", '{"version":3}', /does not say which build/],
	["that is no map", "no map", /is no source map/],
])("a file %s is refused", (_, text, message) => {
	writeFileSync(file, text);
	expect(() => sourceMapOf(BUILD, file)).toThrow(message);
});
