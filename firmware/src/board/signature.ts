import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from "@bodycam/protocol/cose/sign1";
import { type MediaRegion, SHA256_CONTEXT_BYTES } from "../hal/media-memory.ts";
import { SIGNED_MESSAGE_MAX, type Signature } from "../hal/signature.ts";
import type { Native } from "./native.ts";

const SEED_BYTES = 32;
const HASH_BYTES = 32;

/** Offsets within the driver's region. */
const CONTEXT = 0;
const KEY = CONTEXT + SHA256_CONTEXT_BYTES;
const RESULT = KEY + SEED_BYTES;
const MESSAGE = RESULT + SIGNATURE_BYTES;

/** Bytes of media memory the driver needs. */
export const SIGNATURE_REGION_BYTES = MESSAGE + SIGNED_MESSAGE_MAX;

/** Signatures by the natives. Private keys lie in media memory only while they are used. */
export class NativeSignature implements Signature {
	private readonly native: Native;
	private readonly at: number;
	private readonly bytes: Uint8Array;

	/**
	 * @param options - `native`, and `region`: `SIGNATURE_REGION_BYTES` of media memory at an offset divisible by 8
	 * @throws RangeError when the region is too small
	 */
	constructor(options: { readonly native: Native; readonly region: MediaRegion }) {
		const { native, region } = options;
		if (region.bytes < SIGNATURE_REGION_BYTES) throw new RangeError("the region for signatures is too small");
		this.native = native;
		this.at = region.at;
		this.bytes = new Uint8Array(native.memory, region.at, SIGNATURE_REGION_BYTES);
	}

	publicKey(seed: Uint8Array): Uint8Array {
		this.place(seed, KEY, SEED_BYTES, SEED_BYTES, "a private key");
		this.native.ed25519Public(this.at + KEY, this.at + RESULT);
		this.native.zero(this.at + KEY, SEED_BYTES);
		return this.bytes.slice(RESULT, RESULT + PUBLIC_KEY_BYTES);
	}

	sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
		this.place(message, MESSAGE, 0, SIGNED_MESSAGE_MAX, "a message");
		this.place(seed, KEY, SEED_BYTES, SEED_BYTES, "a private key");
		this.native.ed25519Sign(this.at + KEY, this.at + MESSAGE, message.length, this.at + RESULT);
		this.native.zero(this.at + KEY, SEED_BYTES);
		return this.bytes.slice(RESULT, RESULT + SIGNATURE_BYTES);
	}

	signMemory(seed: Uint8Array, at: number, length: number, to: number): void {
		this.place(seed, KEY, SEED_BYTES, SEED_BYTES, "a private key");
		this.native.ed25519Sign(this.at + KEY, at, length, to);
		this.native.zero(this.at + KEY, SEED_BYTES);
	}

	verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
		const fits =
			publicKey.length === PUBLIC_KEY_BYTES &&
			signature.length === SIGNATURE_BYTES &&
			message.length <= SIGNED_MESSAGE_MAX;
		if (!fits) return false;
		this.bytes.set(publicKey, KEY);
		this.bytes.set(message, MESSAGE);
		this.bytes.set(signature, RESULT);
		const { native, at } = this;
		return native.ed25519Verify(at + KEY, at + MESSAGE, message.length, at + RESULT);
	}

	sha256(bytes: Uint8Array): Uint8Array {
		this.place(bytes, MESSAGE, 0, SIGNED_MESSAGE_MAX, "a message");
		const { native, at } = this;
		native.sha256Begin(at + CONTEXT);
		native.sha256Update(at + CONTEXT, at + MESSAGE, bytes.length);
		native.sha256End(at + CONTEXT, at + RESULT);
		return this.bytes.slice(RESULT, RESULT + HASH_BYTES);
	}

	private place(from: Uint8Array, offset: number, min: number, max: number, what: string): void {
		if (from.length < min || from.length > max)
			throw new RangeError(`${what} has ${min} to ${max} bytes, not ${from.length}`);
		this.bytes.set(from, offset);
	}
}
