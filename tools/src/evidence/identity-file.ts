import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { AgeError } from "@bodycam/protocol/age/age-error";
import { X25519_BYTES } from "@bodycam/protocol/age/crypto";
import { formatIdentity, formatRecipient, parseIdentity } from "@bodycam/protocol/age/keys";
import type { AskPassphrase } from "../agency/key-file.ts";
import { readSecretBytes, SecretFileError } from "../agency/secret-file.ts";
import { armor, isArmored, unarmor } from "./armor.ts";
import { hostAgeCrypto } from "./host-age-crypto.ts";
import { openWithPassphrase, sealWithPassphrase } from "./passphrase-file.ts";

/** Most identities a file holds: each one costs a try. */
const IDENTITIES_MAX = 64;

/** Makes a new age identity: an X25519 private key of 32 random bytes. */
export function newIdentity(): Uint8Array {
	return new Uint8Array(randomBytes(X25519_BYTES));
}

/** The age recipient, `age1…`, of an identity. */
export function recipientOf(identity: Uint8Array): string {
	return formatRecipient(hostAgeCrypto.publicKey(identity));
}

/**
 * Writes an identity as `age-keygen` does, for its owner alone; never over a file that is there.
 * @param options - `passphrase` encrypts the file as `age -p` would, so that `age -d -i` opens it; `remark`: a line on top
 */
export function writeIdentityFile(
	path: string,
	identity: Uint8Array,
	options: { readonly passphrase?: string | undefined; readonly remark?: string; readonly now: number },
): void {
	const { passphrase, remark, now } = options;
	const created = `${new Date(now).toISOString().slice(0, 19)}Z`;
	const text = [
		...(remark === undefined ? [] : [`# ${remark}`]),
		`# created: ${created}`,
		`# public key: ${recipientOf(identity)}`,
		formatIdentity(identity),
		"",
	].join("\n");
	const content = passphrase === undefined ? text : armor(sealWithPassphrase(Buffer.from(text), passphrase));
	writeFileSync(path, content, { mode: 0o600, flag: "wx" });
}

/**
 * Reads the identities in a file of the public `age`: plain, or encrypted with a passphrase, as text or not.
 * @param ask - asked only when the file is encrypted
 * @returns X25519 private keys, 32 bytes each
 * @throws {SecretFileError} when others may read the file, it holds no identity, or the passphrase is wrong
 * @throws {UsageError} when it is not there
 */
export async function readIdentityFile(path: string, ask: AskPassphrase): Promise<Uint8Array[]> {
	const bytes = readSecretBytes(path);
	if (!isEncryptedIdentity(bytes)) return identitiesIn(bytes, path);
	const file = isArmored(bytes) ? unarmor(bytes) : bytes;
	if (file === undefined) throw new SecretFileError(`${path} is damaged: it is no whole age file`);
	const passphrase = await ask(path);
	let opened: Uint8Array | undefined;
	try {
		opened = openWithPassphrase(file, passphrase);
	} catch (error) {
		if (!(error instanceof AgeError)) throw error;
		throw new SecretFileError(`${path} cannot be opened: ${error.message}`, { cause: error });
	}
	if (opened === undefined)
		throw new SecretFileError(`the passphrase of ${path} is wrong, or the file is damaged`);
	return identitiesIn(opened, path);
}

function isEncryptedIdentity(bytes: Uint8Array): boolean {
	return isArmored(bytes) || Buffer.from(bytes.subarray(0, 19)).toString("latin1") === "age-encryption.org/";
}

/** The file is not quoted in any message: it holds secrets. */
function identitiesIn(bytes: Uint8Array, path: string): Uint8Array[] {
	const lines = Buffer.from(bytes)
		.toString("utf8")
		.split(/\r?\n/)
		.map((line) => line.trim())
		.filter((line) => line !== "" && !line.startsWith("#"));
	if (lines.length === 0 || lines.length > IDENTITIES_MAX)
		throw new SecretFileError(`${path} holds ${lines.length === 0 ? "no" : "too many"} age identities`, {
			hint: "An identity is a line that begins with AGE-SECRET-KEY-1, as `bodycam evidence keygen` writes it.",
		});
	try {
		return lines.map(parseIdentity);
	} catch (error) {
		if (!(error instanceof AgeError)) throw error;
		throw new SecretFileError(`${path} holds something that is no age identity`, {
			hint: "An identity is a line that begins with AGE-SECRET-KEY-1, as `bodycam evidence keygen` writes it.",
		});
	}
}
