import { System } from "@bodycam/protocol/board/records";
import type { Timer, Timers } from "../hal/timers.ts";
import type { Board } from "./board.ts";

/** Longest delay the hardware timer is set to, µs; longer ones are reached in steps. */
const LONGEST_DELAY = 3_600_000_000;

const STOPPED = Number.POSITIVE_INFINITY;

/** A timer of `BoardTimers`. */
class BoardTimer implements Timer {
	/** When it fires, µs; infinite while stopped. */
	due = STOPPED;
	readonly onTimer: () => void;
	private readonly owner: BoardTimers;
	private closed = false;

	constructor(owner: BoardTimers, onTimer: () => void) {
		this.owner = owner;
		this.onTimer = onTimer;
	}

	get running(): boolean {
		return this.due !== STOPPED;
	}

	start(delay: number): void {
		this.startAt(this.owner.now() + delay);
	}

	startAt(time: number): void {
		if (this.closed) return;
		this.due = time;
		this.owner.rearm(time);
	}

	stop(): void {
		this.due = STOPPED;
	}

	close(): void {
		this.stop();
		this.closed = true;
		this.owner.remove(this);
	}
}

/**
 * Many timers on the board's single one-shot timer. Arming an existing timer allocates nothing. The hardware
 * timer is set only for what is due earlier than it; when it rings too early it is set again.
 */
export class BoardTimers implements Timers {
	/** Time on the board's clock, µs: the native itself, since every frame asks for it. */
	readonly now: () => number;
	private readonly board: Board;
	private readonly timers: BoardTimer[] = [];
	/** When the hardware timer rings, µs; infinite while it does not run. */
	private ringsAt = STOPPED;
	private firing = false;

	/** @param options - `board`: the record queues */
	constructor(options: { readonly board: Board }) {
		this.board = options.board;
		this.now = options.board.native.now;
		this.board.on(System.TIMER, 0, () => this.ring());
	}

	create(onTimer: () => void): Timer {
		const timer = new BoardTimer(this, onTimer);
		this.timers.push(timer);
		return timer;
	}

	/** Makes sure that the hardware timer rings by `time`, µs. */
	rearm(time: number): void {
		if (this.firing || time >= this.ringsAt) return;
		const delay = Math.min(LONGEST_DELAY, Math.max(0, Math.ceil(time - this.now())));
		this.ringsAt = this.now() + delay;
		this.board.post(System.TIMER_SET, 0, delay);
	}

	/** Forgets a timer that was closed. */
	remove(timer: BoardTimer): void {
		const index = this.timers.indexOf(timer);
		if (index >= 0) this.timers.splice(index, 1);
	}

	private ring(): void {
		const now = this.now();
		this.ringsAt = STOPPED;
		this.firing = true;
		// What a callback starts for now or earlier waits for the next ring, so that this loop ends.
		let left = this.timers.length;
		for (; left > 0; left--) {
			const timer = this.earliest();
			if (timer === undefined || timer.due > now) break;
			timer.due = STOPPED;
			timer.onTimer();
		}
		this.firing = false;
		const next = this.earliest();
		if (next !== undefined) this.rearm(next.due);
	}

	private earliest(): BoardTimer | undefined {
		let found: BoardTimer | undefined;
		for (let index = 0; index < this.timers.length; index++) {
			const timer = this.timers[index];
			if (timer === undefined || timer.due === STOPPED) continue;
			if (found === undefined || timer.due < found.due) found = timer;
		}
		return found;
	}
}
