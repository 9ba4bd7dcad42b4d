import { CommanderError } from "commander";
import type { Terminal } from "./terminal.ts";

/** What the command's exit code says. Documented in docs/cli.md. */
export const ExitCode = {
	ok: 0,
	failed: 1,
	usage: 2,
	noSuchDevice: 3,
	refused: 4,
	connection: 5,
	verification: 6,
	hungUp: 129,
	interrupted: 130,
	unread: 141,
	terminated: 143,
} as const;

const INTERRUPTIONS = {
	SIGINT: ExitCode.interrupted,
	SIGTERM: ExitCode.terminated,
	SIGHUP: ExitCode.hungUp,
	"closed output": ExitCode.unread,
} as const;

/** Why a command was stopped from outside: Ctrl-C, a termination signal, or a reader that went away. */
export class Interruption extends Error {
	override readonly name = "Interruption";
	/** Exit code of the process. */
	readonly exitCode: number;

	/** @param cause what stopped it */
	constructor(cause: keyof typeof INTERRUPTIONS) {
		super(`stopped by ${cause}`);
		this.exitCode = INTERRUPTIONS[cause];
	}
}

/** A failure as the program reports it. */
export interface Failure {
	/** Stable word for machines. */
	readonly code: string;
	/** What was wrong. */
	readonly message: string;
	/** What to do next. */
	readonly hint?: string;
	/** Exit code of the process. */
	readonly exitCode: number;
	/** Where it was thrown; only for failures that are nobody's mistake but ours. */
	readonly stack?: string;
}

/** Turns anything thrown into a failure to report. */
export function describeFailure(error: unknown): Failure {
	if (error instanceof CommanderError) return describeUsage(error);
	if (!(error instanceof Error))
		return { code: "internal", message: String(error), exitCode: ExitCode.failed };
	const { code, hint, exitCode } = error as Error & Record<"code" | "hint" | "exitCode", unknown>;
	if (typeof exitCode === "number") {
		return {
			code: typeof code === "string" ? code : error.name,
			message: error.message,
			...(typeof hint === "string" ? { hint } : {}),
			exitCode,
		};
	}
	if (typeof code === "string" && typeof (error as NodeJS.ErrnoException).syscall === "string") {
		return describeSystemError(error as NodeJS.ErrnoException, code);
	}
	return {
		code: "internal",
		message: error.message,
		hint: "This is a defect of the program. Please report it with the lines above.",
		exitCode: ExitCode.failed,
		...(error.stack === undefined ? {} : { stack: error.stack }),
	};
}

/** Prints a failure on standard error: one JSON object for machines, the message and what to do for people. */
export function reportFailure(failure: Failure, terminal: Terminal, json: boolean): void {
	terminal.status("");
	if (json) {
		terminal.note(JSON.stringify({ error: failure }));
		return;
	}
	if (failure.stack !== undefined) terminal.note(failure.stack);
	const [first = "", ...rest] = failure.message.split("\n");
	terminal.note(`${terminal.paintNote("red", "bodycam:")} ${first}`);
	for (const line of rest) terminal.note(`  ${line}`);
	for (const line of failure.hint?.split("\n") ?? []) terminal.note(`  ${line}`);
}

function describeUsage(error: CommanderError): Failure {
	// A group called without one of its commands: commander has printed its help.
	if (error.code === "commander.help")
		return { code: "usage", message: "a command is missing", exitCode: ExitCode.usage };
	const [message = "", ...more] = error.message
		.replace(/^error: /, "")
		.replace(/^command-argument value '(.*)' is invalid for argument '(.*)'\./, "$1 is no value for <$2>.")
		.split("\n");
	return {
		code: "usage",
		message: [message, ...more.filter((line) => line !== "")].join(" "),
		hint: "`bodycam --help` lists the commands, `bodycam COMMAND --help` explains one.",
		exitCode: ExitCode.usage,
	};
}

/** What the system's codes mean: a stable word for machines, the reason, and what to do. */
const SYSTEM_ERRORS: Readonly<Record<string, readonly [code: string, reason: string, hint: string]>> = {
	ENOENT: ["no-such-file", "there is no such file or directory", "Check the path."],
	EACCES: ["not-permitted", "permission denied", "Check who may read and write there (`ls -l`)."],
	EPERM: ["not-permitted", "not permitted", "Check who may read and write there (`ls -l`)."],
	EISDIR: ["is-a-directory", "it is a directory", "Give a file, or move the directory away."],
	ENOTDIR: ["not-a-directory", "a part of the path is not a directory", "Check the path."],
	EEXIST: ["exists", "it exists already", "Give another name, or move it away."],
	ENOTEMPTY: ["exists", "there is a directory in the way", "Give another name, or move it away."],
	ENOSPC: ["disk-full", "the disk is full", "Make room, then run the command again."],
	EROFS: ["read-only", "the file system is read-only", "Give a path on another file system."],
	EADDRINUSE: ["port-in-use", "the port is in use", "Give another port."],
};

function describeSystemError(error: NodeJS.ErrnoException, systemCode: string): Failure {
	const known = SYSTEM_ERRORS[systemCode];
	if (known === undefined) return { code: "system", message: error.message, exitCode: ExitCode.failed };
	const [code, reason, hint] = known;
	const message = error.path === undefined ? `${reason} (${error.message})` : `${error.path}: ${reason}`;
	return { code, message, hint, exitCode: ExitCode.failed };
}
