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
const WAITING_BYTES_MAX = 32 << 20;

/**
 * SHA-256 of the segments of an age file, which is given block by block, once. Segments are hashed side by side in the
 * threads of node:crypto; memory is bounded, whatever a record says about their length.
 */
export class SegmentDigests {
	/** Segments whose bytes are still to come, in their order. */
	readonly #expected: ExpectedSegment[] = [];
	readonly #waiting: { readonly bytes: number; readonly digest: Promise<Uint8Array> }[] = [];
	#waitingBytes = 0;
	/** The segment that is being collected. */
	#collected: Uint8Array | Hash | undefined;
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
			this.#collect(segment, bytes.subarray(from - at, segment.offset + segment.bytes - at));
			if (this.#have < segment.bytes) break;
			this.#expected.shift();
			this.#finish(segment);
		}
		while (this.#waitingBytes > WAITING_BYTES_MAX) {
			const first = this.#waiting.shift();
			this.#waitingBytes -= first?.bytes ?? 0;
			await first?.digest;
		}
	}

	#collect(segment: SegmentRange, part: Uint8Array): void {
		this.#collected ??=
			segment.bytes <= BACKGROUND_BYTES_MAX ? Buffer.allocUnsafe(segment.bytes) : createHash("sha256");
		if (this.#collected instanceof Uint8Array) this.#collected.set(part, this.#have);
		else this.#collected.update(part);
		this.#have += part.length;
	}

	#finish({ resolve }: ExpectedSegment): void {
		const collected = this.#collected;
		const bytes = this.#have;
		this.#collected = undefined;
		this.#have = 0;
		if (!(collected instanceof Uint8Array)) {
			resolve(new Uint8Array(collected?.digest() ?? []));
			return;
		}
		const digest = webcrypto.subtle.digest("SHA-256", collected).then((hash) => new Uint8Array(hash));
		resolve(digest);
		this.#waiting.push({ bytes, digest });
		this.#waitingBytes += bytes;
	}
}
