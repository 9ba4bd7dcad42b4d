import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { BodycamError } from "../errors.ts";
import { SourceError } from "../operations/evaluate.ts";
import { runPrompt } from "./prompt.ts";

function open(evaluate: (source: string) => Promise<string>) {
	const input = new PassThrough();
	const output = new PassThrough();
	const shown: string[] = [];
	const ended = runPrompt({
		prompt: "> ",
		evaluate,
		out: (text) => shown.push(text),
		fail: (text) => shown.push(`failed: ${text}`),
		signal: new AbortController().signal,
		streams: { input, output },
	});
	return { input, output, shown, ended };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("shows values and failures, and waits for the rest of what is incomplete", async () => {
	const { input, shown, ended } = open(async (source) => {
		if (source === "f(\n") throw new SourceError("Unexpected end of file", true);
		if (source === "x\n") throw new BodycamError("no x", { hint: "Say y." });
		return source;
	});
	for (const line of ["1", "f(", "2)", "x"]) {
		input.write(`${line}\n`);
		await turn();
	}
	input.end();
	await ended;
	expect(shown).toEqual(["1\n", "f(\n2)\n", "failed: no x\nSay y."]);
});

test("ends although something is still being evaluated, and shows nothing of that nor reads on", async () => {
	let fail: (error: Error) => void = () => undefined;
	const { input, output, shown, ended } = open(() => new Promise((_resolve, reject) => (fail = reject)));
	input.write("late()\n");
	await turn();
	input.write(".exit\n");
	await ended;
	output.read();
	fail(new Error("the connection was closed"));
	await turn();
	expect(shown).toEqual([]);
	expect(output.read()).toBeNull();
	expect(input.isPaused()).toBe(true);
});
