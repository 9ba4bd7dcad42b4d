import { SIGNATURE_BYTES } from "@bodycam/protocol/cose/sign1";
import { BodycamError } from "../errors.ts";
import { readWhole } from "./files.ts";

/**
 * An Ed25519 signature in a file: 64 bytes as they are, or as text in hexadecimal or base64.
 * @throws {BodycamError} when it holds none
 */
export function readSignature(path: string): Uint8Array {
	const bytes = readWhole(path);
	if (bytes.length === SIGNATURE_BYTES) return bytes;
	const text = Buffer.from(bytes).toString("latin1").trim();
	const decoded = /^[\da-f]+$/i.test(text) ? Buffer.from(text, "hex") : fromBase64(text);
	if (decoded?.length === SIGNATURE_BYTES) return new Uint8Array(decoded);
	throw new BodycamError(`${path} holds no Ed25519 signature`, {
		hint: `It has ${SIGNATURE_BYTES} bytes: as they are, in hexadecimal or in base64.`,
	});
}

function fromBase64(text: string): Buffer | undefined {
	return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, "base64") : undefined;
}
