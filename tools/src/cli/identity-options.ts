import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { readIdentityFile } from "../evidence/identity-file.ts";
import { passphraseSource } from "./passphrase.ts";

/** With whose keys recordings are decrypted. */
export interface IdentityOptions {
	/** Files of age identities. */
	readonly identity?: readonly string[];
	/** File whose first line is their passphrase. */
	readonly passphraseFile?: string;
}

/** Adds the options that name the keys recordings are decrypted with. */
export function addIdentityOptions(command: Command): Command {
	return command
		.option(
			"-i, --identity <file>",
			"file of an age identity that decrypts it; may be given several times",
			(file: string, files: readonly string[] = []) => [...files, file],
		)
		.option("--passphrase-file <file>", "file whose first line is the passphrase of the identity");
}

/**
 * The keys that options name: X25519 private keys, 32 bytes each.
 * @throws {UsageError} when none is named
 * @throws {SecretFileError} when a file cannot be used
 */
export async function identitiesOf({
	identity = [],
	passphraseFile,
}: IdentityOptions): Promise<Uint8Array[]> {
	if (identity.length === 0)
		throw new UsageError("a recording is encrypted: it takes an identity to decrypt it", {
			hint: "Name its file with --identity FILE; `bodycam evidence keygen` has made it.",
		});
	const ask = passphraseSource(passphraseFile);
	const keys: Uint8Array[] = [];
	for (const file of identity) keys.push(...(await readIdentityFile(file, ask)));
	return keys;
}
