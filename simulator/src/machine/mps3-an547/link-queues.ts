/**
 * The host's side of the two record queues in the shared memory (layout: `protocol/src/board/records.ts`). Records
 * are moved many at a time, because each access to the memory is a system call.
 */
import { QUEUE_HEADER_BYTES, QUEUE_RECORDS, RECORD_BYTES } from "@bodycam/protocol/board/records";
import type { RecordSink } from "../machine.ts";
import { giveRecord, putRecord, RECORD_WORDS } from "../record-fields.ts";
import { BoardLink } from "./board-link.ts";
import type { LinkMemory } from "./link-memory.ts";

const HEAD_AT = 4;
const TAIL_AT = 8;

/** Records as they lie in a queue. */
class Records {
	bytes: Uint8Array;
	#words: Uint32Array;
	#doubles: Float64Array;

	constructor(count: number) {
		this.bytes = new Uint8Array(count * RECORD_BYTES);
		this.#words = new Uint32Array(this.bytes.buffer);
		this.#doubles = new Float64Array(this.bytes.buffer);
	}

	get room(): number {
		return this.bytes.length / RECORD_BYTES;
	}

	/** Makes room for more; what is there stays. */
	grow(): void {
		const larger = new Uint8Array(this.bytes.length * 2);
		larger.set(this.bytes);
		this.bytes = larger;
		this.#words = new Uint32Array(larger.buffer);
		this.#doubles = new Float64Array(larger.buffer);
	}

	put(
		index: number,
		sequence: number,
		kind: number,
		unit: number,
		timeUs: number,
		a: number,
		b: number,
		c: number,
		d: number,
		e: number,
		f: number,
	): void {
		const at = index * RECORD_WORDS;
		putRecord(this.#words, this.#doubles, at, sequence, kind, unit, timeUs, a, b, c, d, e, f);
	}

	give(index: number, sink: RecordSink): void {
		giveRecord(this.#words, this.#doubles, index * RECORD_WORDS, sink);
	}
}

/** Moves records between a buffer and the ring behind a queue's header; the ring's end makes it two pieces. */
function eachPiece(
	queue: number,
	position: number,
	count: number,
	move: (at: number, first: number, records: number) => void,
): void {
	const slot = position % QUEUE_RECORDS;
	const before = Math.min(count, QUEUE_RECORDS - slot);
	move(queue + QUEUE_HEADER_BYTES + slot * RECORD_BYTES, 0, before);
	if (count > before) move(queue + QUEUE_HEADER_BYTES, before, count - before);
}

/** Records for the firmware: they wait here, in any number, and go into the queue as far as there is room. */
export class InboundRecords {
	readonly #memory: LinkMemory;
	#waiting = new Records(64);
	#first = 0;
	#count = 0;
	#posted = 0;
	#head = 0;
	#tail = 0;

	constructor(memory: LinkMemory) {
		this.#memory = memory;
	}

	/** Records posted since power-on. */
	get posted(): number {
		return this.#posted;
	}

	/** Records the firmware has been given or has handled since power-on. */
	get delivered(): number {
		return this.#head;
	}

	/** Adds a record. */
	post(
		kind: number,
		unit: number,
		timeUs: number,
		a: number,
		b: number,
		c: number,
		d: number,
		e: number,
		f: number,
	): void {
		if (this.#first + this.#count === this.#waiting.room) this.#makeRoom();
		this.#waiting.put(this.#first + this.#count, this.#posted, kind, unit, timeUs, a, b, c, d, e, f);
		this.#count += 1;
		this.#posted += 1;
	}

	/** Forgets what waits. */
	clear(): void {
		this.#first = 0;
		this.#count = 0;
	}

	/** The image has handled every record it was given. */
	handledAll(): void {
		this.#tail = this.#head;
	}

	/**
	 * Puts into the queue what fits. True when the image has a record to handle.
	 * @param limit - how many records since power-on the image may have been given
	 */
	deliver(limit: number): boolean {
		if (this.#head - this.#tail > 1) this.#lookUp();
		// An answer was the end of at least one record.
		else this.#tail = this.#head;
		const room = QUEUE_RECORDS - (this.#head - this.#tail);
		const count = Math.max(0, Math.min(this.#count, room, limit - this.#head));
		if (count > 0) this.#give(count);
		return this.#head !== this.#tail;
	}

	#give(count: number): void {
		const { bytes } = this.#waiting;
		eachPiece(BoardLink.INBOUND, this.#head, count, (at, first, records) => {
			this.#memory.write(at, bytes, (this.#first + first) * RECORD_BYTES, records * RECORD_BYTES);
		});
		this.#head += count;
		this.#memory.setU32(BoardLink.INBOUND + HEAD_AT, this.#head % 2 ** 32);
		this.#count -= count;
		this.#first = this.#count === 0 ? 0 : this.#first + count;
	}

	#lookUp(): void {
		const tail = this.#memory.u32(BoardLink.INBOUND + TAIL_AT);
		this.#tail = this.#head - (((this.#head % 2 ** 32) - tail) >>> 0);
	}

	#makeRoom(): void {
		if (this.#first === 0) {
			this.#waiting.grow();
			return;
		}
		const { bytes } = this.#waiting;
		bytes.copyWithin(0, this.#first * RECORD_BYTES, (this.#first + this.#count) * RECORD_BYTES);
		this.#first = 0;
	}
}

/** Records from the firmware. */
export class OutboundRecords {
	readonly #memory: LinkMemory;
	readonly #taken = new Records(QUEUE_RECORDS);
	#next = 0;
	#count = 0;
	#tail = 0;

	constructor(memory: LinkMemory) {
		this.#memory = memory;
	}

	/** Takes what is in the queue out of it. */
	take(): void {
		const head = this.#memory.u32(BoardLink.OUTBOUND + HEAD_AT);
		const count = (head - (this.#tail % 2 ** 32)) >>> 0;
		if (count > QUEUE_RECORDS) throw new RangeError(`the outbound queue says it holds ${count} records`);
		if (count === 0) return;
		eachPiece(BoardLink.OUTBOUND, this.#tail, count, (at, first, records) => {
			const from = first * RECORD_BYTES;
			this.#memory.read(at, this.#taken.bytes.subarray(from, from + records * RECORD_BYTES));
		});
		this.#tail += count;
		this.#memory.setU32(BoardLink.OUTBOUND + TAIL_AT, this.#tail % 2 ** 32);
		this.#next = 0;
		this.#count = count;
	}

	/** Hands out what was taken, oldest first. What is left when the sink throws is handed out by the next call. */
	give(sink: RecordSink): void {
		while (this.#next < this.#count) this.#taken.give(this.#next++, sink);
	}
}
