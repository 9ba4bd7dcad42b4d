import { SIZE_BITS } from "../recorder/frame-index.ts";
import type { MediaQueue } from "../recorder/media-queue.ts";
import type { Ring } from "../recorder/ring-interface.ts";

/** What a test sees of an entry. */
export interface SeenEntry {
	readonly at: number;
	readonly length: number;
	readonly keyframe: boolean;
	readonly time: number;
	readonly decode: number;
}

/** Entry `i` of a queue. */
export function entry(queue: MediaQueue, i: number): SeenEntry {
	const slot = i & queue.index.mask;
	const size = queue.index.size[slot] as number;
	const time = queue.index.time[slot] as number;
	return {
		at: queue.index.at[slot] as number,
		length: size & SIZE_BITS,
		keyframe: size > SIZE_BITS,
		time,
		decode: time - (queue.index.offset[slot] as number),
	};
}

/** Entries `from` up to `to` that hold something. */
export function entries(queue: MediaQueue, from: number, to: number): SeenEntry[] {
	const found: SeenEntry[] = [];
	for (let i = from; i < to; i++) {
		const seen = entry(queue, i);
		if (seen.length > 0) found.push(seen);
	}
	return found;
}

/** Everything a ring still holds, to be drained or live. */
export function held(ring: Ring): SeenEntry[] {
	return [ring.frames, ring.packets].flatMap((queue) => [
		...entries(queue, queue.tail(), queue.end()),
		...entries(queue, Math.max(queue.first(), queue.end()), queue.head()),
	]);
}
