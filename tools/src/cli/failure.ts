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
	interrupted: 130,
	unread: 141,
	terminated: 143,
} as const;

const INTERRUPTIONS = {
	SIGINT: ExitCode.interrupted,
	SIGTERM: ExitCode.terminated,
	SIGHUP: ExitCode.terminated,
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
		return { code, message: describeSystemError(error), exitCode: ExitCode.failed };
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
	const [message = "", ...more] = error.message.replace(/^error: /, "").split("\n");
	return {
		code: "usage",
		message: [message, ...more.filter((line) => line !== "")].join(" "),
		hint: "`bodycam --help` lists the commands, `bodycam COMMAND --help` explains one.",
		exitCode: ExitCode.usage,
	};
}

function describeSystemError(error: Error): string {
	const { code, path } = error as NodeJS.ErrnoException;
	const reasons: Record<string, string> = {
		ENOENT: "there is no such file or directory",
		EACCES: "permission denied",
		EPERM: "not permitted",
		EISDIR: "it is a directory",
		ENOTDIR: "a part of the path is not a directory",
		EEXIST: "it exists already",
		ENOSPC: "the disk is full",
		EROFS: "the file system is read-only",
		EADDRINUSE: "the port is in use",
	};
	const reason = reasons[code ?? ""];
	return reason === undefined
		? error.message
		: path === undefined
			? `${reason} (${error.message})`
			: `${path}: ${reason}`;
}
