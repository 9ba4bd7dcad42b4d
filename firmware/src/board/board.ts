import type { Native, RecordListener } from "./native.ts";

/** Handles the records of one kind and unit; see `RecordListener`. */
export type RecordHandler = (
	time: number,
	a: number,
	b: number,
	c: number,
	d: number,
	e: number,
	f: number,
) => void;

/** The outbound record queue is full: the board has stopped taking records, and the camera must restart. */
export class BoardQueueFullError extends Error {
	/** @param kind - kind of the record that found no room */
	constructor(kind: number) {
		super(`the board takes no more records: 0x${kind.toString(16).padStart(4, "0")} found the queue full`);
		this.name = "BoardQueueFullError";
	}
}

const PERIPHERALS = 16;
const OPERATIONS = 16;

/** Bits that no kind of the record layout has. */
const OUTSIDE = 0xf0f0;

/**
 * The firmware's end of the board records: hands each inbound record to the handler of its kind and unit,
 * by array lookup and without an allocation, and appends outbound ones. Every frame passes here several times.
 */
export class Board {
	/** The engine's natives. */
	readonly native: Native;
	/**
	 * Hands an inbound record to its handler; allocates nothing. It is the engine's listener itself and no method,
	 * because on XS every parameter of every call on the way costs.
	 */
	readonly dispatch: RecordListener;
	/** Inbound records nobody listens to, counted. */
	unhandled = 0;
	/** Handlers of unit 0, the only one of most peripherals. */
	private readonly first: (RecordHandler | undefined)[] = [];
	/** Handlers of the further units, by kind. */
	private readonly others: (RecordHandler | undefined)[][] = [];

	/** @param native - the engine's natives */
	constructor(native: Native) {
		this.native = native;
		for (let index = 0; index < PERIPHERALS * OPERATIONS; index++) {
			this.first.push(undefined);
			this.others.push([]);
		}
		const { first, others } = this;
		this.dispatch = (kind, unit, time, a, b, c, d, e, f) => {
			const index = (kind >> 4) | (kind & 0xf);
			const handler = unit === 0 ? first[index] : others[index]?.[unit];
			if (handler === undefined || (kind & OUTSIDE) !== 0) this.unhandled++;
			else handler(time, a, b, c, d, e, f);
		};
	}

	/** Time of the record being handled, µs on the board's clock. */
	now(): number {
		return this.native.now();
	}

	/**
	 * Sets the handler of the records of one kind and unit.
	 * @throws RangeError when the kind lies outside the record layout
	 */
	on(kind: number, unit: number, handler: RecordHandler): void {
		this.set(kind, unit, handler);
	}

	/** Removes a handler. Without one, records are counted and dropped. */
	off(kind: number, unit: number): void {
		this.set(kind, unit, undefined);
	}

	/**
	 * Appends an outbound record; allocates nothing. Missing arguments are 0.
	 * @throws BoardQueueFullError when the queue is full
	 */
	post(
		kind: number,
		unit: number,
		a?: number,
		b?: number,
		c?: number,
		d?: number,
		e?: number,
		f?: number,
	): void {
		if (!this.native.post(kind, unit, a, b, c, d, e, f)) throw new BoardQueueFullError(kind);
	}

	/**
	 * Gives a payload back to the peripheral of unit 0 that named it; the short way for frames and packets.
	 * @throws BoardQueueFullError when the queue is full
	 */
	release(kind: number, at: number, length: number): void {
		if (!this.native.post(kind, 0, at, length)) throw new BoardQueueFullError(kind);
	}

	private set(kind: number, unit: number, handler: RecordHandler | undefined): void {
		if ((kind & OUTSIDE) !== 0) throw new RangeError(`no such record kind: ${kind}`);
		const index = (kind >> 4) | (kind & 0xf);
		const units = unit === 0 ? this.first : this.others[index];
		if (units === undefined) return;
		const place = unit === 0 ? index : unit;
		while (units.length <= place) units.push(undefined);
		units[place] = handler;
	}
}
