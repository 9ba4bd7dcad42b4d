import type { MediaMemory } from "../hal/media-memory.ts";

/**
 * Called once for every inbound board record, with its fields as plain numbers; promise jobs run after each.
 * The fields are those of `@bodycam/protocol/board/records`; `time` is in µs on the board's clock.
 */
export type RecordListener = (
	kind: number,
	unit: number,
	time: number,
	a: number,
	b: number,
	c: number,
	d: number,
	e: number,
	f: number,
) => void;

/** The pure natives of the engine port: the media memory's operations and the two ends of the record queues. */
export interface Native extends MediaMemory {
	/** Time of the record being handled, µs on the board's clock. */
	now(): number;
	/** Sets the listener of inbound records. */
	listen(listener: RecordListener): void;
	/** Appends an outbound record; missing arguments are 0. False when the queue is full. */
	post(
		kind: number,
		unit?: number,
		a?: number,
		b?: number,
		c?: number,
		d?: number,
		e?: number,
		f?: number,
	): boolean;
	/** Live bytes of the engine's heap: chunks and slots in use. Collects nothing. */
	heap(): number;
}

/** The engine's natives: a global the port defines before it evaluates the firmware. Absent anywhere else. */
export const native: Native = (globalThis as unknown as { readonly native: Native }).native;
