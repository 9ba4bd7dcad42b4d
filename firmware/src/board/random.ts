import type { MediaRegion } from "../hal/media-memory.ts";
import type { RandomSource } from "../hal/random-source.ts";
import type { Native } from "./native.ts";

const HASH_BYTES = 32;
const MAX_REQUEST_BYTES = 65_536;

/** Offsets within the generator's region. */
const KEY = 0;
const VALUE = KEY + HASH_BYTES;
const MARK = VALUE + HASH_BYTES;
const DATA = MARK + 1;

/** Options of `HmacGenerator`. */
export interface HmacGeneratorOptions {
	/** Natives for HMAC-SHA-256. */
	readonly native: Native;
	/** At least 128 bytes of media memory for the state. */
	readonly region: MediaRegion;
	/** Entropy from the board, 32 to 48 bytes; the caller erases its copy. */
	readonly entropy: Uint8Array;
	/** Whether the entropy comes from a seed. */
	readonly seeded: boolean;
}

/**
 * The random generator: HMAC_DRBG with SHA-256 (NIST SP 800-90A Rev. 1 section 10.1.2), instantiated with
 * the board's entropy. Its state lies in media memory, which is cleared at boot and by a power cut.
 */
export class HmacGenerator implements RandomSource {
	readonly seeded: boolean;
	private readonly native: Native;
	private readonly at: number;
	private readonly bytesView: Uint8Array;

	/** @param options - see `HmacGeneratorOptions` @throws RangeError when the entropy is too short or too long */
	constructor(options: HmacGeneratorOptions) {
		if (options.entropy.length < HASH_BYTES || options.entropy.length > 48) {
			throw new RangeError(
				`the random generator needs 32 to 48 bytes of entropy, not ${options.entropy.length}`,
			);
		}
		this.seeded = options.seeded;
		this.native = options.native;
		this.at = options.region.at;
		this.bytesView = new Uint8Array(options.native.memory, this.at, options.region.bytes);
		this.bytesView.fill(0x00, KEY, KEY + HASH_BYTES);
		this.bytesView.fill(0x01, VALUE, VALUE + HASH_BYTES);
		this.update(options.entropy);
	}

	bytes(length: number): Uint8Array {
		if (length > MAX_REQUEST_BYTES)
			throw new RangeError(`at most ${MAX_REQUEST_BYTES} random bytes at a time`);
		const output = new Uint8Array(length);
		for (let done = 0; done < length; done += HASH_BYTES) {
			this.hmac(VALUE, HASH_BYTES, VALUE);
			const part = this.bytesView.subarray(VALUE, VALUE + Math.min(HASH_BYTES, length - done));
			output.set(part, done);
		}
		this.update(undefined);
		return output;
	}

	fill(at: number, length: number): void {
		if (length > MAX_REQUEST_BYTES)
			throw new RangeError(`at most ${MAX_REQUEST_BYTES} random bytes at a time`);
		for (let done = 0; done < length; done += HASH_BYTES) {
			this.hmac(VALUE, HASH_BYTES, VALUE);
			this.native.copy(at + done, this.at + VALUE, Math.min(HASH_BYTES, length - done));
		}
		this.update(undefined);
	}

	number(): number {
		const bytes = this.bytes(8);
		const view = new DataView(bytes.buffer);
		const high = view.getUint32(0) >>> 11;
		return (high * 0x1_0000_0000 + view.getUint32(4)) / 2 ** 53;
	}

	/** HMAC_DRBG_Update. */
	private update(data: Uint8Array | undefined): void {
		const length = data?.length ?? 0;
		for (let round = 0; round < (data === undefined ? 1 : 2); round++) {
			this.bytesView[MARK] = round;
			if (data !== undefined) this.bytesView.set(data, DATA);
			this.hmac(VALUE, HASH_BYTES + 1 + length, KEY);
			this.hmac(VALUE, HASH_BYTES, VALUE);
		}
		this.native.zero(this.at + DATA, length);
	}

	/** HMAC-SHA-256 (RFC 2104) under the current key. */
	private hmac(from: number, length: number, to: number): void {
		this.native.hmacSha256(this.at + KEY, HASH_BYTES, this.at + from, length, this.at + to);
	}
}
