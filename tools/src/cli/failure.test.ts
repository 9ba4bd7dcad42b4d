import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { describeFailure, Interruption, reportFailure } from "./failure.ts";
import { createTerminal } from "./terminal.ts";

function report(error: unknown, json: boolean): string {
	let text = "";
	const sink = {
		write: (more: string) => {
			text += more;
		},
	};
	reportFailure(describeFailure(error), createTerminal(sink, sink, {}), json);
	return text;
}

test("a user's mistake shows what to do next and no stack", () => {
	const text = report(new UsageError("x.mp4 is not a video", { hint: "Give an H.264 file." }), false);
	expect(text).toBe("bodycam: x.mp4 is not a video\n  Give an H.264 file.\n");
});

test("machines get the same facts as one JSON object", () => {
	const error = new UsageError("no", { hint: "do" });
	expect(JSON.parse(report(error, true))).toEqual({
		error: { code: "usage", message: "no", hint: "do", exitCode: 2 },
	});
});

test("a defect of ours shows its stack and exits 1", () => {
	const error = new TypeError("undefined is not a function");
	expect(describeFailure(error).exitCode).toBe(1);
	expect(report(error, false)).toContain("failure.test.ts");
});

test("a system error names the path and the reason in words", () => {
	const error = Object.assign(new Error("ENOENT: no such file or directory, open 'a.img'"), {
		code: "ENOENT",
		syscall: "open",
		path: "a.img",
	});
	expect(describeFailure(error)).toEqual({
		code: "no-such-file",
		message: "a.img: there is no such file or directory",
		hint: "Check the path.",
		exitCode: 1,
	});
});

test("an argument out of range is told in words", () => {
	const error = new CommanderError(
		1,
		"commander.invalidArgument",
		"error: command-argument value '101' is invalid for argument 'percent'. It must be less.",
	);
	expect(describeFailure(error).message).toBe("101 is no value for <percent>. It must be less.");
});

test("a terminal that hangs up ends a command with 129", () => {
	expect(new Interruption("SIGHUP").exitCode).toBe(129);
});
