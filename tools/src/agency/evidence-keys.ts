import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AgeError } from "@bodycam/protocol/age/age-error";
import { formatRecipient, parseRecipient } from "@bodycam/protocol/age/keys";
import { type EvidenceRule, formatArchive, parseArchive } from "@bodycam/protocol/policy/evidence-rule";
import { BodycamError, UsageError } from "../errors.ts";

/** Where an agency's directory keeps whom recordings are encrypted to: a recipients file of the command `age`. */
export const RECIPIENTS_FILE = "recipients.txt";

/** Where it keeps the public keys of the archives whose receipts its cameras take. */
export const ARCHIVES_FILE = "archives.txt";

/** Largest of these files, bytes. */
const FILE_MAX = 64 * 1024;

/** A file with public keys of an agency cannot be used. */
export class KeyListError extends BodycamError {
	override readonly name = "KeyListError";
	override readonly code = "key-list";
}

/**
 * The keys that the policies of an agency name, from the files in its directory; a file that is not there names none.
 * @throws {KeyListError} when a line is no such key
 */
export function readEvidenceKeys(directory: string): EvidenceRule {
	return {
		recipients: readLines(directory, RECIPIENTS_FILE, isRecipient, "no age recipient (age1…)"),
		archives: readLines(
			directory,
			ARCHIVES_FILE,
			(line) => parseArchive(line) !== undefined,
			"no public key of an archive (64 hexadecimal digits in lower case)",
		),
	};
}

/** What a new agency's recipients file holds. */
export function recipientsText(recipients: readonly string[]): string {
	const lines = [
		"# Whom the recordings of this agency are encrypted to, a line each: daily work first, then escrow.",
		"# `bodycam policy new --agency` and `bodycam provision` put them into policies.",
		...recipients,
	];
	return `${lines.join("\n")}\n`;
}

/** What a new agency's archives file holds. */
export function archivesText(archives: readonly Uint8Array[]): string {
	const lines = [
		"# Public keys of the archives whose receipts let a camera erase a recording, a line each.",
		...archives.map(formatArchive),
	];
	return `${lines.join("\n")}\n`;
}

/**
 * Adds a recipient to an agency's list: whom the policies made from now on name. One that is there stays once.
 * @param recipient - `age1…` @param note - what it is for; it becomes a comment of one line
 * @returns all recipients
 * @throws {KeyListError} when the list holds something else
 */
export function addRecipient(directory: string, recipient: string, note: string): readonly string[] {
	const { recipients } = readEvidenceKeys(directory);
	if (recipients.includes(recipient)) return recipients;
	const path = join(directory, RECIPIENTS_FILE);
	const unended = existsSync(path) && !/(^|\n)$/.test(readFileSync(path, "utf8")) ? "\n" : "";
	const line = note.replaceAll(/\p{Cc}/gu, " ");
	appendFileSync(path, `${unended}# ${line}\n${recipient}\n`, { mode: 0o600 });
	return [...recipients, recipient];
}

/** An age recipient that was typed. @throws {UsageError} when it is none */
export function recipientArgument(text: string): string {
	try {
		return formatRecipient(parseRecipient(text));
	} catch (error) {
		if (!(error instanceof AgeError)) throw error;
		// A private key that was given by mistake is not repeated.
		throw new UsageError("this is no age recipient: it has to be the whole text that begins with age1", {
			hint: "`bodycam evidence keygen` shows it, and so does `age-keygen -y` for an identity you have.",
			cause: error,
		});
	}
}

function isRecipient(line: string): boolean {
	try {
		return parseRecipient(line).length > 0;
	} catch (error) {
		if (error instanceof AgeError) return false;
		throw error;
	}
}

function readLines(
	directory: string,
	file: string,
	isKey: (line: string) => boolean,
	otherwise: string,
): string[] {
	const path = join(directory, file);
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
		throw error;
	}
	if (text.length > FILE_MAX) throw new KeyListError(`${path} is too large for a list of keys`);
	return text.split(/\r?\n/).flatMap((line, index) => {
		const key = line.trim();
		if (key === "" || key.startsWith("#")) return [];
		if (isKey(key)) return [key];
		// It may be a private key that somebody put there: it is not repeated.
		throw new KeyListError(`${path}: line ${index + 1} is ${otherwise}`);
	});
}
