import { type AuthenticatedCipher, CIPHER_KEY_BYTES } from "../hal/authenticated-cipher.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";

const NONCE_BYTES = 12;

/** Offsets within the driver's region. */
const KEY = 0;
const NONCE = KEY + CIPHER_KEY_BYTES;

/** Bytes of media memory the driver needs. */
export const CIPHER_REGION_BYTES = NONCE + NONCE_BYTES;

/** Authenticated encryption by the natives, its key in media memory until it is closed. */
export class NativeAuthenticatedCipher implements AuthenticatedCipher {
	private readonly native: MediaMemory;
	private readonly at: number;
	private readonly key: Uint8Array;

	/**
	 * @param options - `native`, and `region`: `CIPHER_REGION_BYTES` of media memory
	 * @throws RangeError when the region is too small
	 */
	constructor(options: { readonly native: MediaMemory; readonly region: MediaRegion }) {
		const { native, region } = options;
		if (region.bytes < CIPHER_REGION_BYTES) throw new RangeError("the region for a cipher is too small");
		this.native = native;
		this.at = region.at;
		this.key = new Uint8Array(native.memory, region.at + KEY, CIPHER_KEY_BYTES);
	}

	setKey(key: Uint8Array): void {
		if (key.length !== CIPHER_KEY_BYTES)
			throw new RangeError(`a cipher's key has ${CIPHER_KEY_BYTES} bytes, not ${key.length}`);
		this.key.set(key);
	}

	setNonce(first: number, second: number, third: number): void {
		this.native.store32be(this.at + NONCE, first, second, third);
	}

	seal(dataAt: number, dataLength: number, at: number, length: number, to: number, tagAt: number): void {
		const { native, at: own } = this;
		native.chacha20Poly1305Seal(own + KEY, own + NONCE, dataAt, dataLength, at, length, to, tagAt);
	}

	open(dataAt: number, dataLength: number, at: number, length: number, to: number, tagAt: number): boolean {
		const { native, at: own } = this;
		return native.chacha20Poly1305Open(own + KEY, own + NONCE, dataAt, dataLength, at, length, to, tagAt);
	}

	close(): void {
		this.native.zero(this.at, CIPHER_REGION_BYTES);
	}
}
