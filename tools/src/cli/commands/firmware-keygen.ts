import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { signerOf } from "../../agency/host-crypto.ts";
import { writeKeyFile } from "../../agency/key-file.ts";
import { keyHashOf } from "../../firmware/sign-image.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { type NewPassphraseFlags, newPassphrase } from "../passphrase.ts";
import { formatFacts } from "../table.ts";

interface KeygenFlags extends NewPassphraseFlags {
	readonly public?: string;
}

/** `bodycam firmware keygen`. */
export function addFirmwareKeygenCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "keygen <file>",
		summary: "make a key that signs firmware images",
		description:
			"Makes an Ed25519 key pair and writes the private key as PKCS #8 in PEM, which OpenSSL and imgtool read, for its owner alone. Nothing is ever overwritten. With a passphrase the key is encrypted. Whoever has the key can make firmware that every camera trusting it runs: keep it off the computer where it is not needed.",
		examples: [
			["bodycam firmware keygen firmware.key --passphrase", "Asks for a passphrase"],
			["bodycam firmware keygen firmware.key --public firmware.pub", "The public key in a file of its own"],
		],
	})
		.option("--passphrase", "ask for a passphrase that encrypts the key")
		.option("--passphrase-file <file>", "file whose first line is that passphrase")
		.option("--public <file>", "write the public key too, as SubjectPublicKeyInfo in PEM");
	handle<KeygenFlags>(command, runtime, async (context, flags, [file = ""]) => {
		const passphrase = await newPassphrase(flags);
		const { privateKey } = generateKeyPairSync("ed25519");
		writeKeyFile(file, privateKey, passphrase);
		if (flags.public !== undefined) {
			const pem = createPublicKey(privateKey).export({ format: "pem", type: "spki" });
			writeFileSync(flags.public, pem, { flag: "wx" });
		}
		const { publicKey } = signerOf(privateKey);
		const keyHash = keyHashOf(publicKey);
		const encrypted = passphrase !== undefined;
		const result = { file, publicFile: flags.public, publicKey, keyHash, encrypted };
		printResult(context, result, () =>
			formatFacts([
				["key", `${file}, ${encrypted ? "encrypted" : "not encrypted"}`],
				["public key", Buffer.from(publicKey).toString("hex")],
				["", flags.public],
				["key hash", keyHash],
			]),
		);
	});
}
