import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";

/** Bytes of an entry in the index: offset and length. */
const INDEX_ENTRY_BYTES = 8;

/** Options of `MessageRing`. */
export interface MessageRingOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where the ring lies. */
	readonly region: MediaRegion;
	/** Most messages kept. */
	readonly messages: number;
}

/**
 * Messages of any length in a fixed part of media memory, numbered from 1. The oldest go when there is no room,
 * in bytes or in number. A message lies in one piece; it is found by its number without a search.
 */
export class MessageRing {
	/** Number of the oldest message kept. */
	oldest = 1;
	/** Number the next message will get. */
	next = 1;
	private readonly memory: MediaMemory;
	private readonly messages: number;
	private readonly indexAt: number;
	private readonly at: number;
	private readonly bytes: number;
	/** Where the next message goes, relative to `at`. */
	private head = 0;

	/** @param options - see `MessageRingOptions` @throws RangeError when the region is too small */
	constructor(options: MessageRingOptions) {
		const indexBytes = options.messages * INDEX_ENTRY_BYTES;
		this.memory = options.memory;
		this.messages = options.messages;
		this.indexAt = options.region.at;
		this.at = options.region.at + indexBytes;
		this.bytes = options.region.bytes - indexBytes;
		if (this.messages < 1 || this.bytes < 1) {
			throw new RangeError(
				`${options.region.bytes} bytes are too few for a ring of ${this.messages} messages`,
			);
		}
	}

	/**
	 * Makes room for a message. What was reserved and not committed is forgotten by the next call.
	 * @param length - most bytes it may have
	 * @returns where to write it
	 * @throws RangeError when the ring can never hold that much
	 */
	reserve(length: number): number {
		if (length > this.bytes) throw new RangeError(`a message of ${length} bytes does not fit the ring`);
		if (this.next - this.oldest === this.messages) this.oldest++;
		if (this.head + length > this.bytes) {
			while (this.oldest < this.next && this.offset(this.oldest) >= this.head) this.oldest++;
			this.head = 0;
		}
		while (this.oldest < this.next) {
			const offset = this.offset(this.oldest);
			if (offset < this.head || offset >= this.head + length) break;
			this.oldest++;
		}
		return this.at + this.head;
	}

	/** Adds what was written where `reserve` said. @param length - its bytes @returns its number */
	commit(length: number): number {
		const number = this.next++;
		this.memory.store32(this.entry(number), this.head, length);
		this.head += length;
		return number;
	}

	/** Where a message lies. @throws RangeError when it is not kept */
	atOf(number: number): number {
		this.check(number);
		return this.at + this.offset(number);
	}

	/** Bytes of a message. @throws RangeError when it is not kept */
	lengthOf(number: number): number {
		this.check(number);
		return this.memory.load32(this.entry(number) + 4);
	}

	private check(number: number): void {
		if (number < this.oldest || number >= this.next) throw new RangeError(`message ${number} is not kept`);
	}

	private offset(number: number): number {
		return this.memory.load32(this.entry(number));
	}

	private entry(number: number): number {
		return this.indexAt + (number % this.messages) * INDEX_ENTRY_BYTES;
	}
}
