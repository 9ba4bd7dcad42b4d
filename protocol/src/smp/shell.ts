import { array, integer, map, text } from "../schema/schema.ts";
import { command } from "./command.ts";
import { declareErrors } from "./errors.ts";
import { ReturnCode } from "./return-code.ts";

/** The standard group for shell commands (Zephyr `smp_group_9.rst`). */
export const SHELL_GROUP = 9;

/** Most bytes of a command line. */
export const SHELL_LINE_MAX = 256;

/** What an unknown command returns: Zephyr's −ENOEXEC. */
export const SHELL_NOT_FOUND = -8;

/** What a command that was called wrongly returns: Zephyr's −EINVAL. */
export const SHELL_INVALID = -22;

/** Runs a shell command. */
export const shellExecute = command({
	name: "shell-execute",
	group: SHELL_GROUP,
	id: 0,
	access: "write",
	role: "technician",
	doc: "Runs a shell command; none of them changes anything.",
	request: map({ argv: array(text(0xffff), 64, { doc: "the command line, at its spaces" }) }),
	response: map({
		o: text(0xffff, { doc: "what it printed" }),
		ret: integer(-0x8000_0000, 0x7fff_ffff, { doc: "0, or a negative error number" }),
	}),
});

/** Errors of the shell group (Zephyr `shell_mgmt_err_code_t`). */
export const ShellError = declareErrors(SHELL_GROUP, {
	unknown: [1, ReturnCode.unknown, "failed for an unknown reason"],
	tooLong: [2, ReturnCode.invalid, "the command line is too long"],
	empty: [3, ReturnCode.invalid, "the command line is empty"],
});

/** The commands of the shell group. */
export const SHELL_COMMANDS = [shellExecute] as const;

/** What Zephyr's shell prints for a command it does not know. */
export function shellNotFound(name: string): string {
	return `\r\n\u001b[1;31m${name}: command not found\r\n\u001b[m`;
}

/** Lines as Zephyr's shell prints them. */
export function shellLines(lines: readonly string[]): string {
	return lines
		.map((line) => `\r\n${line}`)
		.join("")
		.concat("\r\n");
}
