import type { Native } from "./native.ts";

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

/**
 * The firmware's end of the board records: hands each inbound record to the handler of its kind and unit,
 * by array lookup and without an allocation, and appends outbound ones.
 */
export class Board {
	/** The engine's natives. */
	readonly native: Native;
	/** Inbound records nobody listens to, counted. */
	unhandled = 0;
	private readonly handlers: (RecordHandler | undefined)[][] = [];

	/** @param native - the engine's natives */
	constructor(native: Native) {
		this.native = native;
		for (let index = 0; index < PERIPHERALS * OPERATIONS; index++) this.handlers.push([]);
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
		const units = this.units(kind);
		while (units.length <= unit) units.push(undefined);
		units[unit] = handler;
	}

	/** Removes a handler. Without one, records are counted and dropped. */
	off(kind: number, unit: number): void {
		const units = this.units(kind);
		if (unit < units.length) units[unit] = undefined;
	}

	/** Hands an inbound record to its handler; allocates nothing. */
	dispatch(
		kind: number,
		unit: number,
		time: number,
		a: number,
		b: number,
		c: number,
		d: number,
		e: number,
		f: number,
	): void {
		const units = this.handlers[((kind & 0xf00) >> 4) | (kind & 0xf)];
		const handler = units === undefined || (kind & 0xf0f0) !== 0 ? undefined : units[unit];
		if (handler === undefined) this.unhandled++;
		else handler(time, a, b, c, d, e, f);
	}

	/**
	 * Appends an outbound record; allocates nothing.
	 * @throws BoardQueueFullError when the queue is full
	 */
	post(kind: number, unit: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0): void {
		if (!this.native.post(kind, unit, a, b, c, d, e, f)) throw new BoardQueueFullError(kind);
	}

	private units(kind: number): (RecordHandler | undefined)[] {
		const units = this.handlers[((kind & 0xf00) >> 4) | (kind & 0xf)];
		if (units === undefined || (kind & 0xf0f0) !== 0) throw new RangeError(`no such record kind: ${kind}`);
		return units;
	}
}
