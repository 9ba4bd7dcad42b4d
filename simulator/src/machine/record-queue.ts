/**
 * The host's side of a record queue in memory shared with the engine (layout: `protocol/src/board/records.ts`).
 */
import { QUEUE_HEADER_BYTES, RECORD_BYTES } from "@bodycam/protocol/board/records";
import type { RecordSink } from "./machine.ts";

const CAPACITY = 0;
const HEAD = 1;
const TAIL = 2;
const WORDS = RECORD_BYTES / 4;

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
		this.#words = new Uint32Array(memory, address + QUEUE_HEADER_BYTES, capacity * WORDS);
		this.#doubles = new Float64Array(memory, address + QUEUE_HEADER_BYTES, (capacity * WORDS) / 2);
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
		const at = (head & this.#mask) * WORDS;
		const words = this.#words;
		words[at] = (kind & 0xffff) | (unit << 16);
		words[at + 1] = this.#sequence++;
		this.#doubles[(at >> 1) + 1] = timeUs;
		words[at + 4] = a;
		words[at + 5] = b;
		words[at + 6] = c;
		words[at + 7] = d;
		words[at + 8] = e;
		words[at + 9] = f;
		this.#header[HEAD] = head + 1;
		return true;
	}

	/** Takes every record out, oldest first. Each is out of the queue before its sink is called. */
	drain(sink: RecordSink): void {
		const header = this.#header;
		const words = this.#words;
		while (header[HEAD] !== header[TAIL]) {
			const tail = header[TAIL] as number;
			const at = (tail & this.#mask) * WORDS;
			const kindAndUnit = words[at] as number;
			const timeUs = this.#doubles[(at >> 1) + 1] as number;
			const a = words[at + 4] as number;
			const b = words[at + 5] as number;
			const c = words[at + 6] as number;
			const d = words[at + 7] as number;
			const e = words[at + 8] as number;
			const f = words[at + 9] as number;
			header[TAIL] = tail + 1;
			sink(kindAndUnit & 0xffff, kindAndUnit >>> 16, timeUs, a, b, c, d, e, f);
		}
	}
}
