import { createPublicKey, type KeyObject } from "node:crypto";
import { PUBLIC_KEY_BYTES } from "@bodycam/protocol/cose/sign1";
import { signerOf } from "../agency/host-crypto.ts";
import { type AskPassphrase, readKeyFile } from "../agency/key-file.ts";
import { BodycamError } from "../errors.ts";
import { readWhole } from "./files.ts";

/**
 * The public key, 32 bytes, in a file: a public one in PEM (SubjectPublicKeyInfo), or a private one.
 * @param ask - asked only for a private key that is encrypted
 * @throws {BodycamError} when it holds no Ed25519 key @throws {SecretFileError} when others may read a private one
 */
export async function readPublicKey(path: string, ask: AskPassphrase): Promise<Uint8Array> {
	const pem = Buffer.from(readWhole(path)).toString("latin1");
	if (pem.includes("PRIVATE KEY-----")) return signerOf(await readKeyFile(path, ask)).publicKey;
	let key: KeyObject;
	try {
		key = createPublicKey(pem);
	} catch {
		throw noKey(path);
	}
	if (key.asymmetricKeyType !== "ed25519") throw noKey(path);
	const spki = key.export({ format: "der", type: "spki" });
	return new Uint8Array(spki.subarray(spki.length - PUBLIC_KEY_BYTES));
}

function noKey(path: string): BodycamError {
	return new BodycamError(`${path} holds no Ed25519 key in PEM`, {
		hint: "`bodycam firmware keygen` makes one, and --public writes its public half.",
	});
}
