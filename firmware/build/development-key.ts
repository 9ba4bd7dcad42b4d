/**
 * The development key of a checkout: images of the simulator's own firmware are signed with it, and every simulated
 * camera trusts it. It is made when it is missing and is nobody else's.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Signer } from "@bodycam/protocol/trust/signed-document";
import { projectRoot } from "./build.ts";

/** Bytes of SubjectPublicKeyInfo in front of an Ed25519 public key (RFC 8410 section 4). */
const PUBLIC_PREFIX_BYTES = 12;

/** Where the development key lies. */
export function developmentKeyFile(): string {
	return join(projectRoot(), "firmware", "dist", "dev-key.pem");
}

/** The development key; made at the first call in a checkout, for its owner's eyes only. */
export function developmentKey(file = developmentKeyFile()): KeyObject {
	const key = readKey(file);
	if (key !== undefined) return key;
	mkdirSync(dirname(file), { recursive: true });
	const made = generateKeyPairSync("ed25519").privateKey;
	const temporary = `${file}.${process.pid}.tmp`;
	writeFileSync(temporary, made.export({ format: "pem", type: "pkcs8" }), { mode: 0o600 });
	try {
		// Whole or not at all, and never over one that another process has made meanwhile.
		linkSync(temporary, file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	} finally {
		rmSync(temporary);
	}
	return readKey(file) ?? made;
}

/** What signs with the development key. */
export function developmentSigner(): Signer {
	const key = developmentKey();
	const spki = createPublicKey(key).export({ format: "der", type: "spki" });
	return {
		publicKey: new Uint8Array(spki.subarray(PUBLIC_PREFIX_BYTES)),
		sign: (message) => new Uint8Array(sign(undefined, message, key)),
	};
}

function readKey(file: string): KeyObject | undefined {
	try {
		return createPrivateKey(readFileSync(file));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}
