import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Signer } from "../trust/signed-document.ts";
import { signerOf } from "./node-crypto.ts";

const FOLDER = join(import.meta.dirname, "..", "image", "golden");

/** The body of every golden image. */
export const goldenBody = readGolden("body.bin");

/** The key of the golden images but one. */
export const goldenSigner = signerIn("key.pem");

/** The key of `other-key.img`. */
export const otherSigner = signerIn("other-key.pem");

/** A file that imgtool made, see the README beside it. */
export function readGolden(name: string): Uint8Array {
	return new Uint8Array(readFileSync(join(FOLDER, name)));
}

function signerIn(name: string): Signer {
	const key = createPrivateKey(readFileSync(join(FOLDER, name)));
	const der = key.export({ format: "der", type: "pkcs8" });
	return signerOf(new Uint8Array(der.subarray(der.length - 32)));
}
