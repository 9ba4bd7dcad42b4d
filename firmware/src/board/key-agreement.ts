import type { KeyAgreement } from "../hal/key-agreement.ts";
import type { MediaRegion } from "../hal/media-memory.ts";
import type { Native } from "./native.ts";

const KEY_BYTES = 32;

/** Offsets within the driver's region. */
const PRIVATE = 0;
const PUBLIC = PRIVATE + KEY_BYTES;
const RESULT = PUBLIC + KEY_BYTES;

/** Bytes of media memory the driver needs. */
export const KEY_AGREEMENT_REGION_BYTES = RESULT + KEY_BYTES;

/** Key agreement by the natives. Private keys and secrets lie in media memory only while they are computed with. */
export class NativeKeyAgreement implements KeyAgreement {
	private readonly native: Native;
	private readonly at: number;
	private readonly bytes: Uint8Array;

	/**
	 * @param options - `native`, and `region`: `KEY_AGREEMENT_REGION_BYTES` of media memory
	 * @throws RangeError when the region is too small
	 */
	constructor(options: { readonly native: Native; readonly region: MediaRegion }) {
		const { native, region } = options;
		if (region.bytes < KEY_AGREEMENT_REGION_BYTES)
			throw new RangeError("the region for key agreement is too small");
		this.native = native;
		this.at = region.at;
		this.bytes = new Uint8Array(native.memory, region.at, KEY_AGREEMENT_REGION_BYTES);
	}

	publicKey(privateKey: Uint8Array): Uint8Array {
		this.place(privateKey, PRIVATE, "a private key");
		this.native.x25519Public(this.at + PRIVATE, this.at + RESULT);
		return this.take();
	}

	sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
		this.place(publicKey, PUBLIC, "a public key");
		this.place(privateKey, PRIVATE, "a private key");
		const { native, at } = this;
		const shared = native.x25519Shared(at + PRIVATE, at + PUBLIC, at + RESULT);
		const secret = this.take();
		return shared ? secret : undefined;
	}

	private place(key: Uint8Array, offset: number, what: string): void {
		if (key.length !== KEY_BYTES) throw new RangeError(`${what} has ${KEY_BYTES} bytes, not ${key.length}`);
		this.bytes.set(key, offset);
	}

	/** The result; nothing of the computation stays behind. */
	private take(): Uint8Array {
		const result = this.bytes.slice(RESULT, RESULT + KEY_BYTES);
		this.native.zero(this.at, KEY_AGREEMENT_REGION_BYTES);
		return result;
	}
}
