import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { prepareSource, SourceError } from "./evaluate.ts";

describe("what is typed", () => {
	test.each([
		["1 + 1", "1 + 1"],
		["const a: number = 1;", "var a = 1"],
		["let f = (x: string): string => x", "var f = (x) => x"],
		["for (const x of [1]) {\n\tconst y = x;\n}", "for (const x of [1]) {\n  const y = x;\n}\n"],
	])("%j is sent as %j", async (source, sent) => {
		expect(await prepareSource(source)).toBe(sent);
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
