/** What happens at an event's time; `argument` is what `schedule` was given. */
export type EventHandler = (argument: number) => void;

/** A span of time to which events belong; once it is over they do not happen any more. */
export interface Era {
	/** True when its events must not happen any more. */
	over: boolean;
}

/** Tickets pack the slot into the low bits and count its reuse above them. */
const SLOT_LIMIT = 2 ** 20;

/**
 * Discrete events in order of time, and of scheduling where times are equal: an indexed binary heap over flat
 * arrays. Scheduling, cancelling and running allocate nothing once the arrays have grown to the number of
 * events that are pending at once.
 */
export class EventQueue {
	#times = new Float64Array(64);
	#orders = new Float64Array(64);
	#arguments = new Float64Array(64);
	#positions = new Int32Array(64);
	#generations = new Float64Array(64);
	#handlers: (EventHandler | undefined)[] = [];
	#eras: (Era | undefined)[] = [];
	#heap = new Int32Array(64);
	#free: number[] = [];
	#count = 0;
	#scheduled = 0;

	/** Events pending. */
	get count(): number {
		return this.#count;
	}

	/** Time of the next event, Infinity when there is none. */
	get nextTime(): number {
		return this.#count === 0 ? Infinity : (this.#times[this.#heap[0] ?? 0] ?? Infinity);
	}

	/**
	 * Adds an event and returns a ticket that `cancel` understands; tickets are never 0.
	 * @param era - when it is over by `time`, nothing happens
	 */
	schedule(time: number, handler: EventHandler, argument = 0, era?: Era): number {
		const slot = this.#free.pop() ?? this.#handlers.length;
		if (slot === this.#times.length) this.#grow();
		this.#times[slot] = time;
		this.#orders[slot] = this.#scheduled++;
		this.#arguments[slot] = argument;
		this.#handlers[slot] = handler;
		this.#eras[slot] = era;
		const generation = (this.#generations[slot] ?? 0) + 1;
		this.#generations[slot] = generation;
		this.#up(this.#count++, slot);
		return generation * SLOT_LIMIT + slot;
	}

	/** Removes an event; a ticket that has run or was cancelled is ignored. */
	cancel(ticket: number): void {
		const slot = ticket % SLOT_LIMIT;
		const generation = (ticket - slot) / SLOT_LIMIT;
		if (this.#generations[slot] !== generation || this.#handlers[slot] === undefined) return;
		this.#remove(this.#positions[slot] ?? 0, slot);
	}

	/** Runs the next event. Does nothing when there is none. */
	runNext(): void {
		if (this.#count === 0) return;
		const slot = this.#heap[0] ?? 0;
		const handler = this.#handlers[slot];
		const argument = this.#arguments[slot] ?? 0;
		const over = this.#eras[slot]?.over === true;
		this.#remove(0, slot);
		if (!over) handler?.(argument);
	}

	#remove(position: number, slot: number): void {
		this.#handlers[slot] = undefined;
		this.#eras[slot] = undefined;
		this.#free.push(slot);
		this.#count -= 1;
		if (position === this.#count) return;
		const last = this.#heap[this.#count] ?? 0;
		this.#down(position, last);
		if (this.#heap[position] === last) this.#up(position, last);
	}

	#before(a: number, b: number): boolean {
		const timeA = this.#times[a] ?? 0;
		const timeB = this.#times[b] ?? 0;
		return timeA < timeB || (timeA === timeB && (this.#orders[a] ?? 0) < (this.#orders[b] ?? 0));
	}

	#place(position: number, slot: number): void {
		this.#heap[position] = slot;
		this.#positions[slot] = position;
	}

	#up(from: number, slot: number): void {
		let position = from;
		while (position > 0) {
			const parent = (position - 1) >> 1;
			const above = this.#heap[parent] ?? 0;
			if (!this.#before(slot, above)) break;
			this.#place(position, above);
			position = parent;
		}
		this.#place(position, slot);
	}

	#down(from: number, slot: number): void {
		let position = from;
		for (;;) {
			let child = position * 2 + 1;
			if (child >= this.#count) break;
			if (child + 1 < this.#count && this.#before(this.#heap[child + 1] ?? 0, this.#heap[child] ?? 0))
				child += 1;
			const below = this.#heap[child] ?? 0;
			if (!this.#before(below, slot)) break;
			this.#place(position, below);
			position = child;
		}
		this.#place(position, slot);
	}

	#grow(): void {
		const size = this.#times.length * 2;
		if (size > SLOT_LIMIT) throw new RangeError(`more than ${SLOT_LIMIT} events are pending`);
		const floats = (old: Float64Array): Float64Array<ArrayBuffer> => {
			const grown = new Float64Array(size);
			grown.set(old);
			return grown;
		};
		const integers = (old: Int32Array): Int32Array<ArrayBuffer> => {
			const grown = new Int32Array(size);
			grown.set(old);
			return grown;
		};
		this.#times = floats(this.#times);
		this.#orders = floats(this.#orders);
		this.#arguments = floats(this.#arguments);
		this.#generations = floats(this.#generations);
		this.#positions = integers(this.#positions);
		this.#heap = integers(this.#heap);
	}
}
