import { type Era, type EventHandler, EventQueue } from "./event-queue.ts";
import type { Randomness } from "./random.ts";

/** Something that acts once everything that happens at one instant has happened. */
export interface Settler {
	/** Called once after the events of an instant when it asked for it through `World.settleLater`. */
	settle(): void;
}

/**
 * The world's clock and everything that is going to happen in it. Time is virtual, in µs since the world began;
 * it moves only in `advanceTo` and `runUntil`, as fast as the machine allows.
 */
export class World {
	/** Where all randomness comes from. */
	readonly random: Randomness;
	readonly #queue = new EventQueue();
	#now = 0;
	#unsettled: Settler[] = [];
	#settling: Settler[] = [];
	#onInjected: (() => void) | undefined;
	#hostTime: (() => number) | undefined;

	constructor(random: Randomness) {
		this.random = random;
	}

	/** Virtual time, µs since the world began. */
	get now(): number {
		return this.#now;
	}

	/** Time of the next event, µs; Infinity when nothing is going to happen. */
	get nextTime(): number {
		return this.#unsettled.length > 0 ? this.#now : this.#queue.nextTime;
	}

	/** Has `handler` called in `delay` µs unless `era` is over by then. Returns a ticket for `cancel`. */
	schedule(delay: number, handler: EventHandler, argument = 0, era?: Era): number {
		return this.#queue.schedule(this.#now + Math.max(0, delay), handler, argument, era);
	}

	/** Forgets a scheduled event; harmless when it has already run. */
	cancel(ticket: number): void {
		this.#queue.cancel(ticket);
	}

	/** Asks that `settler` be called after the events of this instant; asking twice before that counts twice. */
	settleLater(settler: Settler): void {
		this.#unsettled.push(settler);
	}

	/**
	 * Lets something from outside the world (a port, a person) happen now. Under pacing, "now" is at least the
	 * wall clock's time, and the pacer is woken.
	 */
	inject(action: () => void): void {
		const host = this.#hostTime?.() ?? 0;
		if (host > this.#now && host <= this.#queue.nextTime) this.#now = host;
		action();
		this.#onInjected?.();
	}

	/** Runs all that happens up to and at `time` µs and leaves the clock at the last event. */
	runUntil(time: number): void {
		this.#settle();
		while (this.#queue.nextTime <= time) {
			this.#now = this.#queue.nextTime;
			this.#queue.runNext();
			if (this.#unsettled.length > 0 && this.#queue.nextTime > this.#now) this.#settle();
		}
	}

	/** Runs all that happens up to and at `time` µs and sets the clock to it. */
	advanceTo(time: number): void {
		this.runUntil(time);
		if (time > this.#now) this.#now = time;
	}

	/** For the pacer: the wall clock in world time (µs), and who is told that something was injected. */
	pacedBy(hostTime: (() => number) | undefined, onInjected: (() => void) | undefined): void {
		this.#hostTime = hostTime;
		this.#onInjected = onInjected;
	}

	#settle(): void {
		while (this.#unsettled.length > 0 && this.#queue.nextTime >= this.#now) {
			const due = this.#unsettled;
			this.#unsettled = this.#settling;
			this.#settling = due;
			for (let index = 0; index < due.length; index++) due[index]?.settle();
			due.length = 0;
		}
	}
}
