import { GroupError } from "@bodycam/protocol/smp/errors";
import { describe, expect, it } from "vitest";
import { createVirtualTimers } from "../testing/virtual-timers.ts";
import { Evaluator } from "./evaluator.ts";
import { inspect } from "./inspect.ts";

describe("evaluator", () => {
	const evaluator = (run: (source: string) => unknown) => new Evaluator(createVirtualTimers(), run);

	it("tells the value, awaited", async () => {
		expect(await evaluator(() => 42).evaluate("x")).toEqual({ value: "42" });
		expect(await evaluator(async () => "late").evaluate("x")).toEqual({ value: '"late"' });
	});

	it("tells what was thrown, and where", async () => {
		const thrown = await evaluator(() => {
			throw new TypeError("no");
		}).evaluate("x");
		expect(thrown).toMatchObject({ error: "TypeError: no", stack: expect.stringContaining("no") });
		expect(await evaluator(() => Promise.reject(7)).evaluate("x")).toEqual({ error: "thrown: 7" });
	});

	it("gives up a promise that is not settled", async () => {
		const timers = createVirtualTimers();
		const result = new Evaluator(timers, () => new Promise(() => undefined)).evaluate("x");
		timers.advance(5_000_001);
		expect(await result).toMatchObject({ error: "Error: the promise is not settled after 5 s" });
	});

	it("refuses on an engine without a compiler", async () => {
		const run = () => {
			throw new SyntaxError("this engine has no parser");
		};
		await expect(evaluator(run).evaluate("x")).rejects.toThrow(GroupError);
	});

	it("keeps long values short", async () => {
		const { value = "" } = await evaluator(() => "ü".repeat(5000)).evaluate("x");
		expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1024);
	});
});

class Part {
	readonly inner = { deep: { deeper: { deepest: 1 } } };
	get broken(): number {
		throw new Error("x");
	}
}

describe("inspect", () => {
	it.each([
		[undefined, "undefined"],
		[null, "null"],
		["a\n", '"a\\n"'],
		[3n, "3n"],
		[[1, [2, [3, [4]]]], "[ 1, [ 2, […] ] ]"],
		[new Part(), "Part { inner: { deep: {…} } }"],
		[Uint8Array.of(1, 255), "Uint8Array(2) 01ff"],
		[new Map([["a", 1]]), 'Map { "a" → 1 }'],
		[new Error("x"), "Error: x"],
		[{}, "{}"],
		[Object.create(null), "{}"],
		[Array.from({ length: 20 }, (_, index) => index), "[ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … 8 more ]"],
	])("%# %s", (value, text) => {
		expect(inspect(value)).toBe(text);
	});
});
