import { KEYFRAME } from "./frame-index.ts";
import type { Ring } from "./ring-interface.ts";

/** A fragment ends at the latest after this time of decoding, µs. */
export const FRAGMENT_TIME = 800_000;

/** Pictures in a fragment at most. */
export const MAX_FRAMES = 512;

/** Sound packets in a fragment at most. */
export const MAX_PACKETS = 1024;

/**
 * Decides which entries of the ring's drain make up the next fragment: pictures up to the next keyframe or for
 * `FRAGMENT_TIME`, with the sound of that time; sound alone where there are no pictures. Reads descriptors only and
 * looks at each once; allocates nothing.
 */
export interface FragmentPlanner {
	/**
	 * Plans the next fragment.
	 * @param force - take what is there, although more may belong to it
	 * @param frameTime - nominal time between frames, µs, for the last one where no next is known
	 * @returns whether there is one
	 */
	plan(force: boolean, frameTime: number): boolean;
	/** Whether entries wait that make no whole fragment yet. */
	waiting(): boolean;
	/** Begins anew: the drain has begun. */
	reset(): void;
	/** First picture; entries of size 0 among them are holes. */
	frameFrom(): number;
	/** End of the pictures. */
	frameTo(): number;
	/** Decode time at which the last picture ends, µs. */
	frameEndTime(): number;
	/** First packet. */
	packetFrom(): number;
	/** End of the packets. */
	packetTo(): number;
}

/** Creates a planner for a ring's drain. */
export function createFragmentPlanner(ring: Ring): FragmentPlanner {
	const { frames, packets } = ring;
	const { time: frameTimes, offset: frameOffsets, size: frameSizes, mask: frameMask } = frames.index;
	const { time: packetTimes, mask: packetMask } = packets.index;
	let frameFrom = 0;
	let frameTo = 0;
	let frameEndTime = 0;
	let packetFrom = 0;
	let packetTo = 0;
	let frameScan = 0;
	let packetScan = 0;

	function decodeTime(frame: number): number {
		const slot = frame & frameMask;
		return (frameTimes[slot] as number) - (frameOffsets[slot] as number);
	}

	/** Sound from the tail up to a time. @returns whether a packet at or after it is there */
	function soundUntil(limit: number): boolean {
		const end = packets.end();
		// What was looked at may have been cut off since.
		if (packetScan > end) packetScan = end;
		if (packetScan < packetFrom) packetScan = packetFrom;
		while (packetScan < end && (packetTimes[packetScan & packetMask] as number) < limit) {
			if (packetScan - packetFrom >= MAX_PACKETS) break;
			packetScan++;
		}
		packetTo = packetScan;
		return packetScan < end;
	}

	function planSound(from: number, force: boolean): boolean {
		frameTo = frameFrom;
		const whole = soundUntil(from + FRAGMENT_TIME);
		return whole || force || packets.isCut();
	}

	function plan(force: boolean, frameTime: number): boolean {
		frameFrom = frames.tail();
		packetFrom = packets.tail();
		const frameEnd = frames.end();
		const sound = packetFrom < packets.end() ? (packetTimes[packetFrom & packetMask] as number) : Infinity;
		if (frameFrom >= frameEnd) return sound === Infinity ? false : planSound(sound, force);
		const start = decodeTime(frameFrom);
		if (start - sound > FRAGMENT_TIME) return planSound(sound, force);
		if (frameScan > frameEnd) frameScan = frameEnd;
		if (frameScan <= frameFrom) frameScan = frameFrom + 1;
		while (frameScan < frameEnd) {
			const size = frameSizes[frameScan & frameMask] as number;
			if (size >= KEYFRAME || decodeTime(frameScan) - start >= FRAGMENT_TIME) break;
			if (frameScan - frameFrom >= MAX_FRAMES) break;
			frameScan++;
		}
		frameTo = frameScan;
		if (frameScan < frameEnd) {
			frameEndTime = decodeTime(frameScan);
			soundUntil(frameEndTime);
			return true;
		}
		const last = frames.isCut();
		if (!last && !force) return false;
		frameEndTime = decodeTime(frameScan - 1) + frameTime;
		soundUntil(last && packets.isCut() ? Infinity : frameEndTime);
		return true;
	}

	return {
		plan,
		waiting: () => frames.tail() < frames.end() || packets.tail() < packets.end(),
		reset() {
			frameScan = frames.tail();
			packetScan = packets.tail();
		},
		frameFrom: () => frameFrom,
		frameTo: () => frameTo,
		frameEndTime: () => frameEndTime,
		packetFrom: () => packetFrom,
		packetTo: () => packetTo,
	};
}
