import { type AgeCrypto, TAG_BYTES } from "@bodycam/protocol/age/crypto";
import { FILE_KEY_BYTES } from "@bodycam/protocol/age/header";
import type { AuthenticatedCipher } from "../hal/authenticated-cipher.ts";
import type { KeyAgreement } from "../hal/key-agreement.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { MessageAuthentication } from "../hal/message-authentication.ts";

/** Bytes of media memory that a file key passes through while it is wrapped. */
export const AGE_REGION_BYTES = FILE_KEY_BYTES + TAG_BYTES;

/** What the natives for headers of age files are made from. */
export interface AgeNativesOptions {
	/** Where `region` lies. */
	readonly media: MediaMemory;
	/** `AGE_REGION_BYTES` of its own. */
	readonly region: MediaRegion;
	/** A cipher of its own: its key is forgotten after each use. */
	readonly cipher: AuthenticatedCipher;
	readonly agreement: KeyAgreement;
	readonly authentication: MessageAuthentication;
}

/**
 * What headers of age files need, by the natives of the camera. Nothing secret stays in media memory.
 * @throws RangeError when the region is too small
 */
export function createAgeNatives(options: AgeNativesOptions): AgeCrypto {
	const { media, region, cipher, agreement, authentication } = options;
	if (region.bytes < AGE_REGION_BYTES)
		throw new RangeError("the region for headers of age files is too small");
	const { at } = region;
	const bytes = new Uint8Array(media.memory, at, AGE_REGION_BYTES);

	/** Runs one operation of the cipher over `input`, which lies at `at`; key and bytes are gone afterwards. */
	function once(key: Uint8Array, input: Uint8Array, operate: () => Uint8Array | undefined) {
		if (input.length > AGE_REGION_BYTES) throw new RangeError("only file keys are wrapped here");
		try {
			cipher.setKey(key);
			cipher.setNonce(0, 0, 0);
			bytes.set(input);
			return operate();
		} finally {
			cipher.close();
			media.zero(at, AGE_REGION_BYTES);
		}
	}
	return {
		publicKey: (key) => agreement.publicKey(key),
		sharedSecret: (privateKey, publicKey) => agreement.sharedSecret(privateKey, publicKey),
		hmacSha256: (key, message) => authentication.hmacSha256(key, message),
		equal: (a, b) => authentication.equal(a, b),
		sealOnce(key, plaintext) {
			const { length } = plaintext;
			if (length > FILE_KEY_BYTES) throw new RangeError("only file keys are wrapped here");
			const sealed = once(key, plaintext, () => {
				cipher.seal(at, 0, at, length, at, at + length);
				return bytes.slice(0, length + TAG_BYTES);
			});
			return sealed as Uint8Array;
		},
		openOnce(key, sealed) {
			const length = sealed.length - TAG_BYTES;
			if (length < 0) return undefined;
			return once(key, sealed, () =>
				cipher.open(at, 0, at, length, at, at + length) ? bytes.slice(0, length) : undefined,
			);
		},
	};
}
