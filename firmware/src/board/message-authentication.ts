import type { MediaRegion } from "../hal/media-memory.ts";
import { AUTHENTICATED_MESSAGE_MAX, type MessageAuthentication } from "../hal/message-authentication.ts";
import type { Native } from "./native.ts";

const CODE_BYTES = 32;

/** Offsets within the driver's region. */
const FIRST = 0;
const SECOND = FIRST + AUTHENTICATED_MESSAGE_MAX;
const RESULT = SECOND + AUTHENTICATED_MESSAGE_MAX;

/** Bytes of media memory the driver needs. */
export const MESSAGE_AUTHENTICATION_REGION_BYTES = RESULT + CODE_BYTES;

/** Message authentication by the natives. Keys and messages lie in media memory only while they are computed with. */
export class NativeMessageAuthentication implements MessageAuthentication {
	private readonly native: Native;
	private readonly at: number;
	private readonly bytes: Uint8Array;

	/**
	 * @param options - `native`, and `region`: `MESSAGE_AUTHENTICATION_REGION_BYTES` of media memory
	 * @throws RangeError when the region is too small
	 */
	constructor(options: { readonly native: Native; readonly region: MediaRegion }) {
		const { native, region } = options;
		if (region.bytes < MESSAGE_AUTHENTICATION_REGION_BYTES)
			throw new RangeError("the region for message authentication is too small");
		this.native = native;
		this.at = region.at;
		this.bytes = new Uint8Array(native.memory, region.at, MESSAGE_AUTHENTICATION_REGION_BYTES);
	}

	hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
		this.place(key, message);
		const { native, at } = this;
		native.hmacSha256(at + FIRST, key.length, at + SECOND, message.length, at + RESULT);
		const code = this.bytes.slice(RESULT, RESULT + CODE_BYTES);
		this.erase(key.length, message.length);
		return code;
	}

	equal(a: Uint8Array, b: Uint8Array): boolean {
		this.place(a, b);
		const same = a.length === b.length && this.native.equal(this.at + FIRST, this.at + SECOND, a.length);
		this.erase(a.length, b.length);
		return same;
	}

	private place(first: Uint8Array, second: Uint8Array): void {
		for (const { length } of [first, second])
			if (length > AUTHENTICATED_MESSAGE_MAX)
				throw new RangeError(
					`at most ${AUTHENTICATED_MESSAGE_MAX} bytes can be authenticated, not ${length}`,
				);
		this.bytes.set(first, FIRST);
		this.bytes.set(second, SECOND);
	}

	private erase(first: number, second: number): void {
		this.native.zero(this.at + FIRST, first);
		this.native.zero(this.at + SECOND, second);
		this.native.zero(this.at + RESULT, CODE_BYTES);
	}
}
