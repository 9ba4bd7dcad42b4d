import { createPrivateKey, type KeyObject } from "node:crypto";
import { writeFileSync } from "node:fs";
import { readSecretFile, SecretFileError } from "./secret-file.ts";

/** Asks for the passphrase of a file. */
export type AskPassphrase = (path: string) => Promise<string>;

/**
 * Writes a private key as PKCS #8 in PEM, which OpenSSL reads, for its owner alone; never over a file that is there.
 * @param passphrase - encrypts it (PBES2 with AES-256-CBC); without it the key lies there as it is
 */
export function writeKeyFile(path: string, key: KeyObject, passphrase: string | undefined): void {
	const encryption = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
	const pem = key.export({ format: "pem", type: "pkcs8", ...encryption });
	writeFileSync(path, pem, { mode: 0o600, flag: "wx" });
}

/** Whether a key file needs a passphrase. @throws {SecretFileError} when others may read it */
export function isEncrypted(pem: string): boolean {
	return pem.includes("-----BEGIN ENCRYPTED PRIVATE KEY-----");
}

/**
 * Reads an Ed25519 private key.
 * @param ask - asked only when the file is encrypted
 * @throws {SecretFileError} when others may read the file, it holds no such key, or the passphrase is wrong
 */
export async function readKeyFile(path: string, ask: AskPassphrase): Promise<KeyObject> {
	const pem = readSecretFile(path);
	const passphrase = isEncrypted(pem) ? await ask(path) : undefined;
	let key: KeyObject;
	try {
		key = createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
	} catch (error) {
		// What OpenSSL says about it helps nobody and could quote the file.
		throw passphrase === undefined
			? new SecretFileError(`${path} holds no private key, or it is damaged`)
			: new SecretFileError(`the passphrase of ${path} is wrong, or the file is damaged`, { cause: error });
	}
	if (key.asymmetricKeyType !== "ed25519") throw new SecretFileError(`${path} holds no Ed25519 key`);
	return key;
}
