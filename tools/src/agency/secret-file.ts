import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { BodycamError, UsageError } from "../errors.ts";

/** A file that holds a secret cannot be used. */
export class SecretFileError extends BodycamError {
	override readonly name = "SecretFileError";
	override readonly code = "secret-file";
}

/** Permissions of others than the owner. */
const OTHERS = 0o077;

/** Most bytes of a file that holds a secret. */
const SECRET_BYTES_MAX = 65_536;

/**
 * Reads a small text file that holds a secret.
 * @throws {SecretFileError} when others than its owner may read or change it, or it is no file, too long, or a
 * public key
 * @throws {UsageError} when it is not there
 */
export function readSecretFile(path: string): string {
	return readSecretBytes(path).toString("utf8");
}

/** Reads a small file that holds a secret. @throws {SecretFileError} @throws {UsageError} as `readSecretFile` */
export function readSecretBytes(path: string): Buffer {
	const file = openFile(path);
	try {
		const status = fstatSync(file);
		if (!status.isFile()) throw new SecretFileError(`${path} is no file`);
		if (status.size > SECRET_BYTES_MAX)
			throw new SecretFileError(`${path} is too long to hold a key or a passphrase`);
		const bytes = readFileSync(file);
		// Not a secret at all: its permissions are not what is wrong with it.
		if (bytes.includes("-----BEGIN PUBLIC KEY-----"))
			throw new SecretFileError(`${path} holds a public key, not a private one`, {
				hint: "Give the file of the private key that belongs to it.",
			});
		if (process.platform !== "win32" && (status.mode & OTHERS) !== 0) {
			const mode = (status.mode & 0o777).toString(8).padStart(4, "0");
			throw new SecretFileError(`${path} can be read or changed by others (permissions ${mode})`, {
				hint: `Make it yours alone with \`chmod 600 ${path}\`, and consider who may have read it.`,
			});
		}
		return bytes;
	} finally {
		closeSync(file);
	}
}

function openFile(path: string): number {
	try {
		return openSync(path, "r");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT")
			throw new UsageError(`there is no file ${path}`, { cause: error });
		throw error;
	}
}

/**
 * The passphrase in a file: its first line.
 * @throws {SecretFileError} when others may read it, or it is empty
 */
export function readPassphraseFile(path: string): string {
	const [passphrase = ""] = readSecretFile(path).split(/\r?\n/);
	if (passphrase === "") throw new SecretFileError(`${path} holds no passphrase: its first line is empty`);
	return passphrase;
}
