import { createHash } from "node:crypto";
import { ed25519Public, ed25519Sign, ed25519Verify } from "../../build/ed25519.ts";
import type { Signature } from "../hal/signature.ts";

/** Signatures by node:crypto, for unit tests. */
export const nodeSignature: Signature = {
	publicKey: ed25519Public,
	sign: ed25519Sign,
	signMemory() {
		throw new Error("there is no media memory here: take the driver over fake natives");
	},
	verify: ed25519Verify,
	sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
};
