import type { Timer, Timers } from "../hal/timers.ts";

/** Timers on a clock that only `advance` moves. */
export interface VirtualTimers extends Timers {
	/** Moves the clock, calling what falls due on the way; promise jobs run after each callback. */
	advance(microseconds: number): Promise<void>;
	/** Calls back once at a time on the clock, µs, or now if that is past. */
	at(time: number, callback: () => void): void;
	/** Drops everything that is scheduled: the power is gone. `advance` throws `PowerCut` from then on. */
	halt(): void;
}

/** Time cannot go on: the power is gone. */
export class PowerCut extends Error {}

interface Entry {
	time: number;
	order: number;
	callback: () => void;
	live: boolean;
}

/** Makes a clock at `start` µs. */
export function createVirtualTimers(start = 0): VirtualTimers {
	let now = start;
	let order = 0;
	let entries: Entry[] = [];
	let halted = false;

	function schedule(time: number, callback: () => void): Entry {
		const entry = { time: Math.max(time, now), order: order++, callback, live: true };
		let i = entries.length;
		while (i > 0 && (entries[i - 1] as Entry).time > entry.time) i--;
		entries.splice(i, 0, entry);
		return entry;
	}
	async function settle(): Promise<void> {
		for (let i = 0; i < 12; i++) await Promise.resolve();
	}
	return {
		now: () => now,
		at: (time, callback) => {
			schedule(time, callback);
		},
		halt() {
			halted = true;
			for (const entry of entries) entry.live = false;
			entries = [];
		},
		create(onTimer): Timer {
			let entry: Entry | undefined;
			let closed = false;
			function stop(): void {
				if (entry) {
					entry.live = false;
					const i = entries.indexOf(entry);
					if (i >= 0) entries.splice(i, 1);
				}
				entry = undefined;
			}
			function startAt(time: number): void {
				if (closed) throw new Error("timer is closed");
				stop();
				entry = schedule(time, () => {
					entry = undefined;
					onTimer();
				});
			}
			return {
				get running() {
					return entry !== undefined;
				},
				start: (delay) => startAt(now + delay),
				startAt,
				stop,
				close() {
					stop();
					closed = true;
				},
			};
		},
		async advance(microseconds) {
			const end = now + microseconds;
			await settle();
			for (let next = entries[0]; next && next.time <= end; next = entries[0]) {
				entries.shift();
				now = Math.max(now, next.time);
				if (next.live) next.callback();
				await settle();
				if (halted) break;
			}
			if (halted) throw new PowerCut();
			now = end;
		},
	};
}
