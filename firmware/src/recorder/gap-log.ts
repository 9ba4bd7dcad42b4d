/** Gaps remembered at most; the oldest is forgotten first. */
const ENTRIES = 32;

/**
 * What was lost while it was not known whether it would ever be recorded: how many frames are missing after the one
 * stored last. Allocates nothing per call.
 */
export interface GapLog {
	/** So many are missing after the one that was captured at `after`, µs. */
	add(after: number, count: number): void;
	/** How many are missing after ones captured at `time` or later. */
	since(time: number): number;
	/** Forgets all. */
	reset(): void;
}

/** Creates an empty log. */
export function createGapLog(): GapLog {
	const times = new Float64Array(ENTRIES).fill(-Infinity);
	const counts = new Float64Array(ENTRIES);
	let last = 0;
	return {
		add(after, count) {
			if (times[last] !== after) {
				last = (last + 1) % ENTRIES;
				times[last] = after;
				counts[last] = 0;
			}
			counts[last] = (counts[last] as number) + count;
		},
		since(time) {
			let sum = 0;
			for (let i = 0; i < ENTRIES; i++) if ((times[i] as number) >= time) sum += counts[i] as number;
			return sum;
		},
		reset() {
			for (let i = 0; i < ENTRIES; i++) times[i] = -Infinity;
		},
	};
}
