/**
 * One board record in a buffer, field by field (layout: `protocol/src/board/records.ts`). `at` is the record's place in
 * 32-bit words, an even number; words and doubles are views of one buffer.
 */
import { RECORD_BYTES } from "@bodycam/protocol/board/records";
import type { RecordSink } from "./machine.ts";

/** 32-bit words of a record. */
export const RECORD_WORDS = RECORD_BYTES / 4;

/** Writes a record. */
export function putRecord(
	words: Uint32Array,
	doubles: Float64Array,
	at: number,
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
	words[at] = (kind & 0xffff) | (unit << 16);
	words[at + 1] = sequence;
	doubles[(at >> 1) + 1] = timeUs;
	words[at + 4] = a;
	words[at + 5] = b;
	words[at + 6] = c;
	words[at + 7] = d;
	words[at + 8] = e;
	words[at + 9] = f;
}

/** Hands a record to a sink, which may reuse its place: every field is read before the sink is called. */
export function giveRecord(words: Uint32Array, doubles: Float64Array, at: number, sink: RecordSink): void {
	const kindAndUnit = words[at] as number;
	sink(
		kindAndUnit & 0xffff,
		kindAndUnit >>> 16,
		doubles[(at >> 1) + 1] as number,
		words[at + 4] as number,
		words[at + 5] as number,
		words[at + 6] as number,
		words[at + 7] as number,
		words[at + 8] as number,
		words[at + 9] as number,
	);
}
