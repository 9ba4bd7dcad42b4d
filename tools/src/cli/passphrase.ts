import process from "node:process";
import type { AskPassphrase } from "../agency/key-file.ts";
import { readPassphraseFile } from "../agency/secret-file.ts";
import { UsageError } from "../errors.ts";
import { Interruption } from "./failure.ts";

/** The part of standard input that is needed here. */
export interface SecretInput {
	/** Whether it is a terminal. */
	readonly isTTY?: boolean | undefined;
	/** Turns echo and line editing off or on. */
	setRawMode?(raw: boolean): unknown;
	/** Takes a listener of what is typed. */
	on(event: "data", listener: (data: Buffer | string) => void): unknown;
	/** Removes it. */
	off(event: "data", listener: (data: Buffer | string) => void): unknown;
	/** Begins to read. */
	resume(): unknown;
	/** Stops reading, so that the process can end. */
	pause(): unknown;
}

/** Where a secret is typed, and where the question is shown. */
export interface SecretTerminal {
	/** Standard input. */
	readonly input: SecretInput;
	/** Shows text on standard error. */
	show(text: string): void;
}

const CONTROL = { interrupt: "\u0003", end: "\u0004", backspace: "\u007f", delete: "\b" } as const;

/** The terminal of this process. */
const processTerminal: SecretTerminal = {
	input: process.stdin,
	show: (text) => void process.stderr.write(text),
};

/**
 * Asks for a line that is not shown.
 * @throws {UsageError} when nobody is there to be asked
 * @throws {Interruption} on Ctrl-C
 */
export function askSecret(question: string, terminal: SecretTerminal = processTerminal): Promise<string> {
	const { input } = terminal;
	if (input.isTTY !== true || input.setRawMode === undefined)
		return Promise.reject(
			new UsageError("a passphrase is needed and there is no terminal to ask on", {
				hint: "Give a file that holds it with --passphrase-file.",
			}),
		);
	terminal.show(question);
	input.setRawMode(true);
	input.resume();
	return new Promise((resolve, reject) => {
		let typed = "";
		const finish = (conclude: () => void): void => {
			input.off("data", listen);
			input.setRawMode?.(false);
			input.pause();
			terminal.show("\n");
			conclude();
		};
		const listen = (data: Buffer | string): void => {
			for (const character of data.toString()) {
				if (character === "\r" || character === "\n" || character === CONTROL.end) {
					finish(() => resolve(typed));
					return;
				}
				if (character === CONTROL.interrupt) {
					finish(() => reject(new Interruption("SIGINT")));
					return;
				}
				if (character === CONTROL.backspace || character === CONTROL.delete) {
					typed = [...typed].slice(0, -1).join("");
				} else typed += character;
			}
		};
		input.on("data", listen);
	});
}

/**
 * Asks for a new passphrase, twice.
 * @throws {UsageError} when it is empty or the two are not the same
 */
export async function askNewPassphrase(terminal?: SecretTerminal): Promise<string> {
	const first = await askSecret("Passphrase for the keys: ", terminal);
	if (first === "") throw new UsageError("the passphrase is empty");
	if ((await askSecret("The same again: ", terminal)) !== first)
		throw new UsageError("the two passphrases are not the same; nothing was made");
	return first;
}

/** How a passphrase for new keys is given. */
export interface NewPassphraseFlags {
	/** Asked for. */
	readonly passphrase?: boolean;
	/** File that holds it. */
	readonly passphraseFile?: string;
}

/**
 * The passphrase for new keys, if there is to be one.
 * @throws {UsageError} when it is given in two ways, and as `askNewPassphrase` does
 */
export async function newPassphrase(flags: NewPassphraseFlags): Promise<string | undefined> {
	const { passphrase, passphraseFile } = flags;
	if (passphrase === true && passphraseFile !== undefined)
		throw new UsageError("a passphrase is either asked for or read from a file");
	if (passphraseFile !== undefined) return readPassphraseFile(passphraseFile);
	return passphrase === true ? askNewPassphrase() : undefined;
}

/** Where passphrases of key files come from: the file that was named, else the terminal. Each is asked for once. */
export function passphraseSource(file: string | undefined): AskPassphrase {
	let known: string | undefined;
	return async (path) => {
		known ??= file === undefined ? await askSecret(`Passphrase of ${path}: `) : readPassphraseFile(file);
		return known;
	};
}
