import { ageHeaderBytes, writeAgeHeader } from "../age/header.ts";
import { CHUNK_BYTES, PAYLOAD_NONCE_BYTES, payloadKey, SEALED_CHUNK_BYTES } from "../age/stream.ts";
import { concatenate } from "../cose/head.ts";
import { nodeAgeCrypto as crypto, sealChunks } from "./node-age-crypto.ts";

/** X25519 private keys of those built files are encrypted to: daily work and escrow. */
export const testIdentities = [new Uint8Array(32).fill(0xa1), new Uint8Array(32).fill(0xa2)] as const;

/** Their public keys. */
export const testRecipients: readonly Uint8Array[] = testIdentities.map((key) => crypto.publicKey(key));

/** Plaintext of built files: four chunks and a few bytes. */
export const TEST_PLAINTEXT = Uint8Array.from(
	{ length: 4 * CHUNK_BYTES + 24 },
	(_, at) => (at * 7 + (at >> 8)) & 0xff,
);

/**
 * A whole age file, the same every time.
 * @param options - `seed`: other keys, as every recording has; `recipients`: to whom; `plaintext`: of what
 */
export function buildAgeFile(
	options: {
		readonly seed?: number;
		readonly recipients?: readonly Uint8Array[];
		readonly plaintext?: Uint8Array;
	} = {},
): Uint8Array {
	const { seed = 1, recipients = testRecipients, plaintext = TEST_PLAINTEXT } = options;
	const fileKey = new Uint8Array(16).fill(seed);
	const nonce = new Uint8Array(PAYLOAD_NONCE_BYTES).fill(seed + 1);
	const ephemeral = recipients.map((_, index) => new Uint8Array(32).fill(seed + 0x40 + index));
	const header = writeAgeHeader({ fileKey, recipients, ephemeral }, crypto);
	return concatenate(header, nonce, sealChunks(payloadKey(fileKey, nonce, crypto), plaintext));
}

/** The segments in which a camera would have written a built file: header and a chunk, a chunk, two chunks, the rest. */
export function segmentsOf(file: Uint8Array, recipients = testRecipients.length): readonly Uint8Array[] {
	const begin = ageHeaderBytes(recipients) + PAYLOAD_NONCE_BYTES;
	const ends = [1, 2, 4].map((chunks) => begin + chunks * SEALED_CHUNK_BYTES);
	return [0, ...ends].map((from, index) => file.subarray(from, ends[index] ?? file.length));
}
