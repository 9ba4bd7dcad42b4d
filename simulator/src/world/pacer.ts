import { performance } from "node:perf_hooks";
import type { World } from "./world.ts";

/** How far virtual time may run ahead of the wall clock, µs: long enough that a chain of short board latencies
 * (card, UART) does not wait for a host timer of 1 ms at every link. */
export const MAXIMUM_AHEAD = 5_000;

/**
 * Virtual time simulated in one go before the host's own events get their turn, µs. Shorter than what a radio's or a line's
 * buffers hold: a program that shares the host's lateness can refill them while the world catches up.
 */
const SLICE = 10_000;

/** The longest the pacer sleeps without looking at the clock, ms. */
const IDLE_WAIT = 1000;

/** The wall clock and timers a pacer uses; tests put their own in. */
export interface HostTimers {
	/** Milliseconds, monotonic. */
	now(): number;
	/** Calls back after about `ms`; 0 means after the pending input and output. Returns how to cancel it. */
	later(ms: number, callback: () => void): () => void;
}

const systemTimers: HostTimers = {
	now: () => performance.now(),
	later: (ms, callback) => {
		if (ms <= 0) {
			const immediate = setImmediate(callback);
			return () => clearImmediate(immediate);
		}
		const timeout = setTimeout(callback, ms);
		return () => clearTimeout(timeout);
	},
};

/**
 * Lets a world run at the pace of the wall clock. It catches up when the host was late, and runs ahead at most
 * `MAXIMUM_AHEAD`, and only right after something came from outside.
 */
export class Pacer {
	readonly #world: World;
	readonly #timers: HostTimers;
	readonly #onError: (error: unknown) => void;
	readonly #origin: number;
	#cancel: (() => void) | undefined;
	#injected = false;
	#running = true;

	/**
	 * Starts at once.
	 * @param onError - told what an event threw; the pacer has stopped by then
	 */
	constructor(world: World, onError: (error: unknown) => void, timers: HostTimers = systemTimers) {
		this.#world = world;
		this.#timers = timers;
		this.#onError = onError;
		this.#origin = timers.now() * 1000 - world.now;
		world.pacedBy(
			() => this.#wall(),
			() => this.#wake(),
		);
		this.#arm(0);
	}

	/** Stops; nothing happens in the world afterwards. Idempotent. */
	stop(): void {
		this.#running = false;
		this.#cancel?.();
		this.#cancel = undefined;
		this.#world.pacedBy(undefined, undefined);
	}

	#wall(): number {
		return Math.floor(this.#timers.now() * 1000 - this.#origin);
	}

	#wake(): void {
		if (!this.#running || this.#injected) return;
		this.#injected = true;
		this.#arm(0);
	}

	#arm(ms: number): void {
		this.#cancel?.();
		this.#cancel = this.#timers.later(ms, () => this.#turn());
	}

	#turn(): void {
		this.#cancel = undefined;
		if (!this.#running) return;
		const ahead = this.#injected ? MAXIMUM_AHEAD : 0;
		this.#injected = false;
		const target = this.#wall() + ahead;
		const goal = Math.min(target, Math.min(this.#world.nextTime, target) + SLICE);
		try {
			this.#world.runUntil(goal);
		} catch (error) {
			this.stop();
			this.#onError(error);
			return;
		}
		if (!this.#running) return;
		if (this.#injected || goal < target) {
			this.#arm(0);
			return;
		}
		const wait = Math.ceil((this.#world.nextTime - this.#wall()) / 1000);
		this.#arm(Math.min(IDLE_WAIT, Math.max(0, wait)));
	}
}
