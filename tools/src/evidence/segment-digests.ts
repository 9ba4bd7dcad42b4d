import { createHash, type Hash, webcrypto } from "node:crypto";
import type { SealedBlock } from "./age-file.ts";

/** A part of an age file that one checkpoint vouches for. */
export interface SegmentRange {
	/** First byte. */
	readonly offset: number;
	/** Length in bytes. */
	readonly bytes: number;
}

interface ExpectedSegment extends SegmentRange {
	resolve(digest: Uint8Array | Promise<Uint8Array>): void;
}

/** Longest segment that is hashed in another thread; it takes as much memory. Longer ones are hashed as they come. */
const BACKGROUND_BYTES_MAX = 8 << 20;

/** Bytes of segments that wait for their digests; beyond it the reader waits. */
const WAITING_BYTES_MAX = 16 << 20;

/** Segments that wait for their digests, however short they are. */
const WAITING_MAX = 64;

/**
 * SHA-256 of the segments of an age file, which is given block by block, once. Segments are hashed side by side in the
 * threads of node:crypto; memory is bounded, whatever a record says about their length.
 */
export class SegmentDigests {
	/** Segments whose bytes are still to come, in their order. */
	readonly #expected: ExpectedSegment[] = [];
	readonly #waiting: { readonly bytes: number; readonly digest: Promise<Uint8Array> }[] = [];
	#waitingBytes = 0;
	/** Takes segments that reach over several blocks; as long as the longest so far. */
	#buffer: Uint8Array = new Uint8Array(0);
	/** Of a segment too long for it. */
	#hash: Hash | undefined;
	/** Bytes that have been given of the first segment that is expected. */
	#have = 0;

	/**
	 * Announces a segment, before its first byte is given; segments follow one another in the file.
	 * @returns its digest, once its last byte has been given
	 */
	expect({ offset, bytes }: SegmentRange): Promise<Uint8Array> {
		return new Promise((resolve) => {
			this.#expected.push({ offset, bytes, resolve });
		});
	}

	/** Takes the next bytes of the file; waits while too much is being hashed. */
	async take({ at, bytes }: SealedBlock): Promise<void> {
		const end = at + bytes.length;
		for (let segment = this.#expected[0]; segment !== undefined; segment = this.#expected[0]) {
			const from = segment.offset + this.#have;
			if (from >= end) break;
			const part = bytes.subarray(from - at, segment.offset + segment.bytes - at);
			if (part.length === segment.bytes && part.length <= BACKGROUND_BYTES_MAX) this.#digest(segment, part);
			else if (!this.#collect(segment, part)) break;
			this.#expected.shift();
			this.#have = 0;
		}
		while (this.#waitingBytes > WAITING_BYTES_MAX || this.#waiting.length > WAITING_MAX) {
			const first = this.#waiting.shift();
			this.#waitingBytes -= first?.bytes ?? 0;
			await first?.digest;
		}
	}

	/** Whether that was the last part of the segment. */
	#collect(segment: ExpectedSegment, part: Uint8Array): boolean {
		const whole = this.#have + part.length === segment.bytes;
		if (segment.bytes > BACKGROUND_BYTES_MAX) {
			this.#hash ??= createHash("sha256");
			this.#hash.update(part);
			if (whole) segment.resolve(new Uint8Array(this.#hash.digest()));
			if (whole) this.#hash = undefined;
		} else {
			if (this.#buffer.length < segment.bytes) this.#buffer = new Uint8Array(segment.bytes);
			this.#buffer.set(part, this.#have);
			if (whole) this.#digest(segment, this.#buffer.subarray(0, segment.bytes));
		}
		this.#have += part.length;
		return whole;
	}

	/** Web Crypto takes a copy of the bytes before it returns (its section 14.3.5): they may change at once. */
	#digest({ bytes, resolve }: ExpectedSegment, content: Uint8Array): void {
		const digest = webcrypto.subtle.digest("SHA-256", content).then((hash) => new Uint8Array(hash));
		resolve(digest);
		this.#waiting.push({ bytes, digest });
		this.#waitingBytes += bytes;
	}
}
