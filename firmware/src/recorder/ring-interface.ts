import type { MediaQueue } from "./media-queue.ts";

/**
 * The pre-record ring: one ring of bytes for picture and sound, a queue of descriptors for each. While it *keeps*,
 * what gets older than the window is dropped, pictures by group; while it *holds*, nothing is. While a recording is
 * open, all entries belong to its drain. Bytes outside of entries are zero.
 */
export interface Ring {
	/** Pictures. Its owner drains them; `reclaim` afterwards. */
	readonly frames: MediaQueue;
	/** Sound packets. Likewise. */
	readonly packets: MediaQueue;

	/** Keeps the last `window` µs of what is live. 0 keeps nothing. */
	keep(window: number): void;
	/** Drops what was captured before `cutoff` (pictures by group) and stores nothing older; what is there stays. */
	hold(cutoff: number): void;
	/** Hands all that is live, and all that comes, to the drain. Only while it holds and the last drain is empty. */
	startDrain(): void;
	/**
	 * Ends the drain of pictures before the first, in decode order, presented after `time`; what comes next is live.
	 * @param atLeast - entries before this one stay: they are being written
	 */
	cutFrames(time: number, atLeast: number): void;
	/** Ends the drain of sound before the first packet captured after `time`; likewise. */
	cutPackets(time: number, atLeast: number): void;
	/** Makes room of what was dropped from the queues. */
	reclaim(): void;
	/** Overwrites everything and forgets it. */
	clear(): void;

	/**
	 * Stores an access unit; they come in decode order. Allocates nothing.
	 * @returns whether it was kept
	 */
	pushFrame(
		from: number,
		length: number,
		keyframe: boolean,
		presentation: number,
		decode: number,
		now: number,
	): boolean;
	/** Stores a sound packet. Allocates nothing. @returns whether it was kept */
	pushPacket(from: number, length: number, capture: number, now: number): boolean;
	/** Pictures are missing from the stream: what follows cannot be decoded before the next keyframe. */
	breakFrames(lost: number): void;
	/** Packets are missing from the stream. */
	missPackets(lost: number): void;
	/** Drops what has expired, for when nothing is pushed. */
	expire(now: number): void;

	/** Presentation time of the first live keyframe, or Infinity. */
	liveFrameTime(): number;
	/** Capture time of the first live packet, or Infinity. */
	livePacketTime(): number;
	/** Presentation time of the newest keyframe pushed, kept or not; -Infinity before the first. */
	keyframeTime(): number;
	/** Time between the last two keyframes pushed, µs; 0 before the second. */
	groupTime(): number;
	/** Whether pictures are refused until the next keyframe. */
	broken(): boolean;
	/** Newest time given up for want of room, or -Infinity. */
	roomTime(): number;
	/** Largest presentation minus decode time seen, µs. */
	reorder(): number;
	/** Begins to count losses for the recording whose drain is to start: with those among what is live. */
	countLost(): void;
	/** Frames lost of the recording being drained: between its first and its last. */
	lostFrames(): number;
	/** Packets lost of it. */
	lostPackets(): number;
}
