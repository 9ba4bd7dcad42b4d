import { createDecipheriv } from "node:crypto";
import { TAG_BYTES } from "../age/crypto.ts";
import { openAgeHeader, readAgeHeader } from "../age/read-header.ts";
import { chunkNonce, PAYLOAD_NONCE_BYTES, payloadKey, SEALED_CHUNK_BYTES } from "../age/stream.ts";
import { nodeAgeCrypto } from "./node-age-crypto.ts";

/** What is in an age file. */
export interface OpenedAgeFile {
	/** The plaintext of all chunks that are authentic, up to the first that is not. */
	readonly plaintext: Uint8Array;
	/** Whether that is all of it, with the chunk that ends it. */
	readonly whole: boolean;
}

/**
 * Decrypts an age file, also one that was cut off between two chunks.
 * @param identity - X25519 private key of a recipient
 * @throws {AgeError} when the header cannot be opened
 */
export function openAgeFile(file: Uint8Array, identity: Uint8Array): OpenedAgeFile {
	const header = readAgeHeader(file);
	const nonceEnd = header.bytes + PAYLOAD_NONCE_BYTES;
	const key = payloadKey(
		openAgeHeader(header, [identity], nodeAgeCrypto),
		file.slice(header.bytes, nonceEnd),
		nodeAgeCrypto,
	);
	const parts: Uint8Array[] = [];
	for (let at = nonceEnd; at < file.length; at += SEALED_CHUNK_BYTES) {
		const sealed = file.subarray(at, at + SEALED_CHUNK_BYTES);
		const ends = at + SEALED_CHUNK_BYTES >= file.length;
		const part = open(key, chunkNonce(parts.length, false), sealed);
		const last = part === undefined && ends ? open(key, chunkNonce(parts.length, true), sealed) : undefined;
		const found = part ?? last;
		if (found === undefined) break;
		parts.push(found);
		if (last !== undefined) return { plaintext: joined(parts), whole: true };
	}
	return { plaintext: joined(parts), whole: false };
}

function open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
	if (sealed.length < TAG_BYTES) return undefined;
	const decipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: TAG_BYTES });
	decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
	const plaintext = decipher.update(sealed.subarray(0, -TAG_BYTES));
	try {
		decipher.final();
		return plaintext;
	} catch {
		return undefined;
	}
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
	return new Uint8Array(Buffer.concat(parts));
}
