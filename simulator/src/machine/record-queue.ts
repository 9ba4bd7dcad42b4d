/**
 * The host's side of a record queue in memory shared with the engine (layout: `protocol/src/board/records.ts`).
 */
import { QUEUE_HEADER_BYTES } from "@bodycam/protocol/board/records";
import type { RecordSink } from "./machine.ts";
import { giveRecord, putRecord, RECORD_WORDS } from "./record-fields.ts";

const CAPACITY = 0;
const HEAD = 1;
const TAIL = 2;

/** One ring of records. The producer calls `push`, the consumer `drain`; one side of it is the engine. */
export class RecordQueue {
	readonly #header: Uint32Array;
	readonly #words: Uint32Array;
	readonly #doubles: Float64Array;
	readonly #mask: number;
	#sequence = 0;

	/** @param address of the queue's header in `memory`, 8-aligned. */
	constructor(memory: ArrayBufferLike, address: number) {
		this.#header = new Uint32Array(memory, address, QUEUE_HEADER_BYTES / 4);
		const capacity = this.#header[CAPACITY] ?? 0;
		this.#words = new Uint32Array(memory, address + QUEUE_HEADER_BYTES, capacity * RECORD_WORDS);
		this.#doubles = new Float64Array(memory, address + QUEUE_HEADER_BYTES, (capacity * RECORD_WORDS) / 2);
		this.#mask = capacity - 1;
	}

	/** Records in the queue. */
	get length(): number {
		return ((this.#header[HEAD] as number) - (this.#header[TAIL] as number)) >>> 0;
	}

	/** Appends a record; false when the queue is full. */
	push(
		kind: number,
		unit: number,
		timeUs: number,
		a: number,
		b: number,
		c: number,
		d: number,
		e: number,
		f: number,
	): boolean {
		const head = this.#header[HEAD] as number;
		if ((head - (this.#header[TAIL] as number)) >>> 0 > this.#mask) return false;
		const at = (head & this.#mask) * RECORD_WORDS;
		putRecord(this.#words, this.#doubles, at, this.#sequence++, kind, unit, timeUs, a, b, c, d, e, f);
		this.#header[HEAD] = head + 1;
		return true;
	}

	/** Takes every record out, oldest first. Each is out of the queue before its sink is called. */
	drain(sink: RecordSink): void {
		const header = this.#header;
		while (header[HEAD] !== header[TAIL]) {
			const tail = header[TAIL] as number;
			header[TAIL] = tail + 1;
			giveRecord(this.#words, this.#doubles, (tail & this.#mask) * RECORD_WORDS, sink);
		}
	}
}
