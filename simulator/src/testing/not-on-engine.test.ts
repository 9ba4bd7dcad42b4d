import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NOT_ON_ENGINE } from "./not-on-engine.ts";

describe("the list of scenarios that an engine does not run", () => {
	test("names files that exist, each test once, with a reason", () => {
		for (const { file, reason } of NOT_ON_ENGINE) {
			expect(existsSync(new URL(`../scenario/${file}`, import.meta.url)), file).toBe(true);
			expect(reason).not.toBe("");
		}
		const keys = NOT_ON_ENGINE.map(({ engine, file, test }) => `${engine} ${file} ${test}`);
		expect(new Set(keys).size).toBe(keys.length);
	});
});
