import { X25519_BYTES } from "@bodycam/protocol/age/crypto";
import { ageHeaderBytes, FILE_KEY_BYTES, RECIPIENTS_MAX, writeAgeHeader } from "@bodycam/protocol/age/header";
import { PAYLOAD_NONCE_BYTES, payloadKey } from "@bodycam/protocol/age/stream";
import type { AuthenticatedCipher } from "../hal/authenticated-cipher.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { RandomSource } from "../hal/random-source.ts";
import { AGE_REGION_BYTES, createAgeNatives } from "./age-natives.ts";

/** Offsets within the region. */
const FRONT = 0;
const FILE_KEY = FRONT + Math.ceil((ageHeaderBytes(RECIPIENTS_MAX) + PAYLOAD_NONCE_BYTES) / 8) * 8;
const EPHEMERAL = FILE_KEY + FILE_KEY_BYTES;
const NATIVES = EPHEMERAL + RECIPIENTS_MAX * X25519_BYTES;

/** Bytes of media memory that keys need. */
export const FILE_KEYS_BYTES = NATIVES + AGE_REGION_BYTES;

/** The keys of one recording after the other. They lie in media memory, never in the engine's heap. */
export interface FileKeys {
	/** Where the beginning of the age file lies: header and payload nonce. */
	readonly at: number;
	/**
	 * Makes the keys of a file, gives the cipher the payload's key, and forgets the others.
	 * @param recipients - X25519 public keys of those who can decrypt it
	 * @returns bytes of the beginning of the age file
	 * @throws {AgeError} when the recipients are none, too many, twice the same, or a weak one
	 */
	make(recipients: readonly Uint8Array[]): number;
}

/** Creates them. @param region - `FILE_KEYS_BYTES`, 8-aligned @throws RangeError when it is too small */
export function createFileKeys(
	memory: MediaMemory,
	region: MediaRegion,
	cipher: Pick<AuthenticatedCipher, "setKey">,
	random: Pick<RandomSource, "fill">,
): FileKeys {
	if (region.bytes < FILE_KEYS_BYTES) throw new RangeError("the region for keys is too small");
	const { at } = region;
	const natives = createAgeNatives(memory, { at: at + NATIVES, bytes: AGE_REGION_BYTES });
	const view = (offset: number, length: number) => new Uint8Array(memory.memory, at + offset, length);
	const fileKey = view(FILE_KEY, FILE_KEY_BYTES);

	return {
		at,
		make(recipients) {
			try {
				random.fill(at + FILE_KEY, NATIVES - FILE_KEY);
				const ephemeral = recipients.map((_, i) => view(EPHEMERAL + i * X25519_BYTES, X25519_BYTES));
				const header = writeAgeHeader({ fileKey, recipients, ephemeral }, natives);
				view(FRONT, header.length).set(header);
				random.fill(at + header.length, PAYLOAD_NONCE_BYTES);
				const nonce = view(header.length, PAYLOAD_NONCE_BYTES);
				cipher.setKey(payloadKey(fileKey, nonce, natives));
				return header.length + PAYLOAD_NONCE_BYTES;
			} finally {
				natives.wipe();
				memory.zero(at + FILE_KEY, NATIVES - FILE_KEY);
			}
		},
	};
}
