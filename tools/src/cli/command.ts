import { type Command, InvalidArgumentError } from "commander";
import type { Terminal } from "./terminal.ts";

/** What every command gets. */
export interface Context {
	/** Where it writes. */
	readonly terminal: Terminal;
	/** Whether a machine reads the output. */
	readonly json: boolean;
	/** Aborted when the command is to stop: Ctrl-C, termination, or nobody reads its output. */
	readonly signal: AbortSignal;
	/** Environment variables. */
	readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the program was started with. */
export type Runtime = Omit<Context, "json">;

/** Work of a command: its positional arguments as commander parsed them, then its options. */
export type Work<Options> = (context: Context, options: Options, args: string[]) => Promise<void>;

/** How a command presents itself. */
export interface CommandText {
	/** Name and arguments, in commander's notation. */
	readonly usage: string;
	/** One line for the list of commands. */
	readonly summary: string;
	/** What it does, when to use it and what to expect. */
	readonly description: string;
	/** Whether the group does this when none of its commands is named. */
	readonly isDefault?: boolean;
	/** Command lines that work, each with what it is for. */
	readonly examples?: readonly (readonly [string, string])[];
}

/**
 * Adds a command to its parent; options are added to what it returns.
 * @param parent the program or a group of commands
 * @param text how it presents itself
 */
export function addCommand(parent: Command, text: CommandText): Command {
	const isDefault = text.isDefault === true;
	const command = parent
		.command(text.usage, { isDefault })
		.summary(text.summary)
		.description(text.description);
	command.option("--json", "print machine-readable JSON instead of text; errors too, on standard error");
	if (text.examples !== undefined) command.addHelpText("after", formatExamples(text.examples));
	return command;
}

/** Adds a group of commands that does nothing by itself. */
export function addGroup(parent: Command, name: string, summary: string): Command {
	return parent.command(name).summary(summary).description(summary).helpCommand(false);
}

/** Makes `work` the action of a command. */
export function handle<Options extends object>(
	command: Command,
	runtime: Runtime,
	work: Work<Options>,
): void {
	command.action(async () => {
		const options = command.optsWithGlobals<Options & { json?: boolean }>();
		const context: Context = { ...runtime, json: options.json === true };
		await work(context, options, command.args);
	});
}

/** Prints a result: JSON for machines (bytes as hexadecimal), else the text. */
export function printResult(context: Context, value: unknown, text: () => string): void {
	context.terminal.out(context.json ? toJson(value) : text());
}

/** JSON in one line, byte strings as lower-case hexadecimal. */
export function toJson(value: unknown): string {
	return JSON.stringify(value, (_key, item: unknown) =>
		item instanceof Uint8Array
			? Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString("hex")
			: item,
	);
}

/**
 * Parser for a numeric option.
 * @param range smallest and largest value, whether fractions are allowed, and the unit for the message
 */
export function numberOption(range: {
	min: number;
	max: number;
	fraction?: boolean;
	unit?: string;
}): (text: string) => number {
	return (text) => {
		const value = Number(text);
		const plain = /^-?\d+(\.\d+)?$/.test(text);
		if (
			!plain ||
			value < range.min ||
			value > range.max ||
			(range.fraction !== true && !Number.isInteger(value))
		) {
			const kind = range.fraction === true ? "a number" : "a whole number";
			const unit = range.unit === undefined ? "" : ` ${range.unit}`;
			throw new InvalidArgumentError(`It must be ${kind} from ${range.min} to ${range.max}${unit}.`);
		}
		return value;
	};
}

function formatExamples(examples: readonly (readonly [string, string])[]): string {
	return `\nExamples:\n${examples.map(([line, purpose]) => `  # ${purpose}\n  ${line}`).join("\n")}\n`;
}
