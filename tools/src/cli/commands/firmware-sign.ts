import type { Command } from "commander";
import { signerOf } from "../../agency/host-crypto.ts";
import { readKeyFile } from "../../agency/key-file.ts";
import { UsageError } from "../../errors.ts";
import { writeWhole } from "../../firmware/files.ts";
import { readPublicKey } from "../../firmware/public-key.ts";
import { attachSignature, keyHashOf, readImageFile, signAnew } from "../../firmware/sign-image.ts";
import { readSignature } from "../../firmware/signature-file.ts";
import { addCommand, type Context, handle, printResult, type Runtime } from "../command.ts";
import { passphraseSource } from "../passphrase.ts";

interface SignFlags {
	readonly key?: string;
	readonly digest?: boolean;
	readonly signature?: string;
	readonly publicKey?: string;
	readonly passphraseFile?: string;
	readonly out?: string;
}

/** `bodycam firmware sign`. */
export function addFirmwareSignCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "sign <image>",
		summary: "sign an image, also with a key that is kept elsewhere",
		description:
			"Signs an image with a key; a signature it has already is replaced. With --digest it prints the 32 bytes that a signer elsewhere (a token, another computer) has to sign with Ed25519, and with --signature and --public-key it puts that signature into the image, once it has been verified.",
		examples: [
			["bodycam firmware sign unsigned.img --key firmware.key --out signed.img", "With a key file"],
			["bodycam firmware sign unsigned.img --digest --out digest.bin", "What is to be signed, for elsewhere"],
			[
				"openssl pkeyutl -sign -rawin -inkey firmware.key -in digest.bin -out signature.bin",
				"… where OpenSSL signs it",
			],
			[
				"bodycam firmware sign unsigned.img --signature signature.bin --public-key firmware.pub --out signed.img",
				"… and the signature comes back",
			],
		],
	})
		.option("--key <file>", "private key that signs it")
		.option(
			"--passphrase-file <file>",
			"file whose first line is the passphrase of the key (default: asked for)",
		)
		.option("--digest", "print what is to be signed (with --out: write it) and sign nothing")
		.option("--signature <file>", "signature made elsewhere: 64 bytes, or hexadecimal, or base64")
		.option("--public-key <file>", "key it was made with: public or private, in PEM")
		.option("-o, --out <file>", "where the signed image goes");
	handle<SignFlags>(command, runtime, async (context, flags, [path = ""]) => {
		requireOneWay(flags);
		if (flags.digest === true) return tellDigest(context, path, flags.out);
		const { out } = flags;
		if (out === undefined)
			throw new UsageError("where does the signed image go?", { hint: "Name it with --out." });
		const ask = passphraseSource(flags.passphraseFile);
		const image = readImageFile(path);
		let signed: Uint8Array;
		let publicKey: Uint8Array;
		if (flags.key !== undefined) {
			const signer = signerOf(await readKeyFile(flags.key, ask));
			publicKey = signer.publicKey;
			signed = signAnew(image, signer);
		} else {
			const signature = readSignature(flags.signature ?? "");
			publicKey = await readPublicKey(flags.publicKey ?? "", ask);
			signed = attachSignature(path, image, { publicKey, signature });
		}
		writeWhole(out, signed);
		const keyHash = keyHashOf(publicKey);
		printResult(context, { file: out, bytes: signed.length, hash: image.hash, keyHash }, () => {
			return `${out}: ${signed.length} bytes, signed with key ${keyHash.slice(0, 16)}`;
		});
	});
}

/** @throws {UsageError} unless exactly one way to sign was asked for, completely */
function requireOneWay({ key, digest, signature, publicKey }: SignFlags): void {
	const ways = [key !== undefined, digest === true, signature !== undefined].filter(Boolean).length;
	if (ways !== 1)
		throw new UsageError(
			"an image is signed with --key, or with --signature and --public-key, or not yet with --digest",
			{
				hint: "Give exactly one of --key, --signature and --digest.",
			},
		);
	if ((signature === undefined) !== (publicKey === undefined))
		throw new UsageError("--signature and --public-key belong together");
}

function tellDigest(context: Context, path: string, out: string | undefined): void {
	const { hash } = readImageFile(path);
	if (out !== undefined) writeWhole(out, hash);
	printResult(context, { digest: hash, file: out }, () =>
		out === undefined
			? Buffer.from(hash).toString("hex")
			: `${out}: ${hash.length} bytes to be signed with Ed25519`,
	);
}
