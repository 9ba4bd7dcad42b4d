import { runInThisContext } from "node:vm";
import { describe, expect, test } from "vitest";
import type { SmpClient } from "../client/smp-client.ts";
import { ConnectionError, UsageError } from "../errors.ts";
import { evaluateOn, prepareSource, SourceError } from "./evaluate.ts";

describe("what is typed", () => {
	test.each([
		["1 + 1", "1 + 1;"],
		["const a: number = 1;", "var a = 1;"],
		["let f = (x: string): string => x", "var f = (x) => x;"],
		["for (const x of [1]) {\n\tconst y = x;\n}", "for (const x of [1]) {\n  const y = x;\n}"],
		["while (false);", "while (false) ;"],
		["const a = `b\nlet c`", 'var a = "b\\nlet c";'],
		["interface I {\n\ta: number;\n}\n// it\n\nx.y", "\n\n\n\n\nx.y;"],
	])("%j is sent as %j", async (source, sent) => {
		expect(await prepareSource(source)).toBe(sent);
	});

	test.each([
		["await x", "(async () => {return (await x);\n})()"],
		["const a: number = await f();", "(async () => {(a = await f());\n})()"],
		["let { a, b } = await f(); a", "(async () => {({ a, b } = await f());\nreturn (a);\n})()"],
		["let a: number, b; await f()", "(async () => {a = void 0; b = void 0;\nreturn (await f());\n})()"],
		["if (await x) y", "(async () => {if (await x) y;\n})()"],
		[
			"function f() { return 1 }\nawait f()",
			"(async () => {globalThis.f = f; function f() {\n  return 1;\n}\nreturn (await f());\n})()",
		],
		["class C {}\nawait 1", "(async () => {class C {\n} globalThis.C = C;\nreturn (await 1);\n})()"],
		[
			["`a\nconst b = $", "{await x}`"].join(""),
			'(async () => {return ("a\\nconst b = ".concat(await x));\n})()',
		],
		["async () => await x", "async () => await x;"],
		[
			"interface I {}\n\nawait 1;\n// it\nfunction f() {\n\n\tg();\n}\n\nf();",
			"(async () => {globalThis.f = f; \n\nawait 1;\n\nfunction f() {\n\n  g();\n}\n\nreturn (f());\n})()",
		],
	])("%j, which awaits, is sent as %j", async (source, sent) => {
		expect(await prepareSource(source)).toBe(sent);
	});

	test.each([
		["await Promise.resolve(20) + 1", 21],
		["const { p, q = 2 } = await { p: 1 }; p + q", 3],
		["let n = 0; for await (const x of [1, 2]) n += x; n", 3],
		["async function twice(x: number) { return 2 * x }\nawait twice(4)", 8],
		["const late = await 7;", undefined],
		["({ a: await 1 }).a", 1],
	])("%j has the value %j", async (source, value) => {
		expect(await runInThisContext(await prepareSource(source))).toBe(value);
	});

	test("a name that was declared with an await is there for the next piece", async () => {
		await runInThisContext(await prepareSource("const kept = await 7; class Kept {}"));
		expect(runInThisContext(await prepareSource("kept + typeof Kept"))).toBe("7function");
	});

	test.each(["await", "const x = await f("])("%j wants more", async (source) => {
		await expect(prepareSource(source)).rejects.toMatchObject({ incomplete: true });
	});

	test.each(["{", "f(", "`a", "if (x) {\n  y("])("%j wants more", async (source) => {
		await expect(prepareSource(source)).rejects.toMatchObject({ incomplete: true });
	});

	test.each(["1 +* 2", "const", ")"])("%j is wrong", async (source) => {
		const failure = prepareSource(source);
		await expect(failure).rejects.toThrow(SourceError);
	});

	test("too much at once is refused", async () => {
		await expect(prepareSource(`"${"x".repeat(3000)}"`)).rejects.toThrow(UsageError);
	});
});

test("a camera that does not answer any more may have died of what was evaluated, and `crash` tells", async () => {
	const silent = { request: () => Promise.reject(new ConnectionError("it does not answer")) };
	const evaluation = evaluateOn(silent as unknown as SmpClient, "while (true) {}", (stack) => stack);
	await expect(evaluation).rejects.toMatchObject({
		message: "it does not answer",
		exitCode: 5,
		hint: expect.stringContaining("bodycam crash"),
	});
});
