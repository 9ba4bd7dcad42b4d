/**
 * Longest time, ms, from the signature of a checkpoint until the next one is safe on a card that keeps up: a fragment
 * lasts a second at most, and a card may take one to write it. A cut that comes later than that is not claimed to have
 * cost so little, unless this was kept before: see `LossBound`.
 */
export const KEEPS_UP_MS = 2000;

/** Longest time in which a fragment is gathered, ms. */
const GATHERED_MS = 1000;

/** How long before a claim runs out it is made anew, ms: flash takes its time, and ticks are 100 ms apart. */
const AHEAD_MS = 500;

/** Segments under way that are remembered, a power of two: more than staging holds. */
const UNDER_WAY = 64;

/**
 * Watches how far the card is behind what is recorded. While it keeps up, a camera that starts again knows within
 * `KEEPS_UP_MS` when the power failed. Where it stands still, that moment is kept elsewhere, ahead of time and ever less
 * often, so that the recovery's claim holds. Times in ms since power-on. Allocates nothing.
 */
export interface LossBound {
	/** A recording begins. */
	begin(nowMs: number): void;
	/** So many segments of it are safe. */
	safe(segments: number): void;
	/**
	 * Time has passed, and so many segments have been begun.
	 * @returns a time to be kept, before which a cut is to be assumed; 0: what is claimed anyhow will do
	 */
	tick(nowMs: number, segments: number): number;
}

/** Creates it. */
export function createLossBound(): LossBound {
	const begunAt = new Float64Array(UNDER_WAY); // not before
	let lastMs = 0;
	let segments = 0;
	let safeSegments = 0;
	let sinceMs = 0; // what is not safe was signed from then on
	let untilMs = 0;

	return {
		begin(nowMs) {
			segments = safeSegments = untilMs = 0;
			lastMs = sinceMs = nowMs;
		},
		safe(count) {
			if (count <= safeSegments) return;
			safeSegments = count;
			// One that was begun since the last tick has no time yet.
			if (count <= segments) sinceMs = begunAt[(count - 1) & (UNDER_WAY - 1)] as number;
		},
		tick(nowMs, count) {
			for (; segments < count; segments++) {
				begunAt[segments & (UNDER_WAY - 1)] = lastMs;
				if (segments < safeSegments) sinceMs = lastMs;
			}
			lastMs = nowMs;
			if (safeSegments >= count) {
				// Nothing waits for the card: after a pause, only what is being gathered can be lost.
				if (safeSegments > 0 && sinceMs < nowMs - GATHERED_MS) sinceMs = nowMs - GATHERED_MS;
				return 0;
			}
			const claimed = sinceMs + KEEPS_UP_MS;
			if (nowMs < (claimed > untilMs ? claimed : untilMs) - AHEAD_MS) return 0;
			const behind = nowMs - sinceMs;
			untilMs = nowMs + (behind > KEEPS_UP_MS ? behind : KEEPS_UP_MS);
			return untilMs;
		},
	};
}
