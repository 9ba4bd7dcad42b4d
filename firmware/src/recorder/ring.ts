import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import { createByteArena } from "./byte-arena.ts";
import { createFrameIndex, KEYFRAME, SIZE_BITS } from "./frame-index.ts";
import { createGapLog } from "./gap-log.ts";
import { createMediaQueue } from "./media-queue.ts";
import type { Ring } from "./ring-interface.ts";

/** A decode time that steps back by less, µs, is jitter and is moved forward; by more, the frame is refused. */
const JITTER = 1_000_000;

/** A frame may claim to be from the future by at most this, µs. */
const AHEAD = 1_000_000;

/**
 * Creates an empty ring over `arena` with its descriptors in `index`. State lives in variables of this closure: the
 * engine reaches them in constant time, while properties of an object are searched for one by one.
 * @throws {RangeError} when a region is too small
 */
export function createRing(memory: MediaMemory, arena: MediaRegion, index: MediaRegion): Ring {
	const half = Math.floor(index.bytes / 16) * 8;
	const frames = createMediaQueue(memory, createFrameIndex(memory.memory, { at: index.at, bytes: half }));
	const packets = createMediaQueue(
		memory,
		createFrameIndex(memory.memory, { at: index.at + half, bytes: half }),
	);
	const { reserve, retain, age } = createByteArena(arena);
	const { append: appendFrame, full: framesFull } = frames;
	const { append: appendPacket, full: packetsFull } = packets;
	const { copy } = memory;
	const frameGaps = createGapLog();
	const packetGaps = createGapLog();

	let window = 0;
	let keeping = true;
	let heldFrom = -Infinity; // while holding: nothing captured before this is stored
	let groupStart = Infinity; // presentation of the first live keyframe
	let soundStart = Infinity; // capture of the first live packet
	let pictureStart = -Infinity; // what is presented before this cannot be decoded
	let open = false; // the group being received is stored
	let dropping = false; // frames refused now are missing in the recording that is drained
	let lastPresentation = -Infinity;
	let lastDecode = -Infinity;
	let lastCapture = -Infinity;
	let newestKey = -Infinity;
	let groupTime = 0;
	let roomTime = -Infinity;
	let reorder = 0;
	let lostFrames = 0;
	let lostPackets = 0;

	/** Entries of both kinds share the bytes: the older of the two oldest bounds what is room. */
	function reclaim(): void {
		const frame = frames.oldest();
		const packet = packets.oldest();
		if (frame < 0) retain(packet);
		else if (packet < 0) retain(frame);
		else retain(age(frame) > age(packet) ? frame : packet);
	}

	function evictGroup(): void {
		frames.evictGroup();
		groupStart = frames.firstTime();
		if (groupStart === Infinity) open = false;
		else {
			pictureStart = groupStart;
			frames.evictLeading();
		}
	}

	function evictPacket(): void {
		packets.evict();
		soundStart = packets.firstTime();
	}

	function evictBefore(cutoff: number): void {
		if (groupStart >= cutoff && soundStart >= cutoff) return;
		while (groupStart < cutoff) evictGroup();
		while (soundStart < cutoff) evictPacket();
	}

	/** Gives up the oldest live group and the sound before the next one: bytes come back only in their order. */
	function evictForRoom(): boolean {
		if (!keeping) return false;
		if (groupStart !== Infinity) {
			evictGroup();
			roomTime = groupStart === Infinity ? lastPresentation : groupStart - 1;
			const limit =
				groupStart === Infinity ? 0 : age(frames.index.at[frames.first() & frames.index.mask] as number);
			while (
				soundStart !== Infinity &&
				age(packets.index.at[packets.first() & packets.index.mask] as number) > limit
			)
				evictPacket();
		} else if (soundStart !== Infinity) {
			if (soundStart > roomTime) roomTime = soundStart;
			evictPacket();
		} else return false;
		reclaim();
		return true;
	}

	/** Offset for `length` bytes, at the cost of older live entries if need be, or -1. */
	function makeRoom(length: number): number {
		let at = reserve(length);
		if (at < 0) {
			// What was evicted gives its bytes back only now: that costs as much as storing a packet.
			reclaim();
			at = reserve(length);
		}
		while (at < 0 && evictForRoom()) at = reserve(length);
		return at;
	}

	/** Frames are missing: in the recording that is drained, or maybe in the next. */
	function missFrames(count: number): void {
		if (frames.isCut()) {
			if (groupStart !== Infinity) frameGaps.add(lastPresentation, count);
		} else if (dropping) lostFrames += count;
	}

	function missPackets(count: number): void {
		if (!packets.isCut()) lostPackets += count;
		else if (soundStart !== Infinity) packetGaps.add(lastCapture, count);
	}

	function refuseFrame(): boolean {
		open = false;
		dropping = true;
		missFrames(1);
		return false;
	}

	function pushFrame(
		from: number,
		length: number,
		keyframe: boolean,
		presentation: number,
		decode: number,
		now: number,
	): boolean {
		if (keyframe && presentation > newestKey) {
			if (newestKey !== -Infinity) groupTime = presentation - newestKey;
			newestKey = presentation;
		}
		let cutoff = heldFrom;
		if (keeping) {
			cutoff = now - window;
			if (groupStart < cutoff || soundStart < cutoff) evictBefore(cutoff);
		}
		if ((keyframe && presentation < cutoff) || (keeping && window === 0)) {
			open = false;
			return false;
		}
		if (!open && !keyframe) {
			missFrames(1);
			return false;
		}
		if (length <= 0 || length > SIZE_BITS || presentation > now + AHEAD) return refuseFrame();
		let decodeTime = decode;
		if (decodeTime <= lastDecode) {
			if (lastDecode - decodeTime > JITTER) return refuseFrame();
			decodeTime = lastDecode + 1;
		}
		if (presentation < pictureStart && !keyframe) return false;
		while (framesFull()) if (!evictForRoom()) return refuseFrame();
		let at = reserve(length);
		if (at < 0) at = makeRoom(length);
		if (at < 0) return refuseFrame();
		if (!open && !keyframe) {
			// Making room has cost the very group this frame belongs to.
			reclaim();
			return refuseFrame();
		}
		copy(at, from, length);
		const offset = presentation - decodeTime;
		const live = appendFrame(at, keyframe ? length | KEYFRAME : length, presentation, offset);
		if (offset > reorder) reorder = offset;
		lastDecode = decodeTime;
		lastPresentation = presentation;
		if (keyframe) {
			if (!open) pictureStart = presentation;
			if (live && groupStart === Infinity) groupStart = presentation;
			open = true;
			dropping = false;
		}
		return true;
	}

	function pushPacket(from: number, length: number, capture: number, now: number): boolean {
		let cutoff = heldFrom;
		if (keeping) {
			cutoff = now - window;
			if (groupStart < cutoff || soundStart < cutoff) evictBefore(cutoff);
		}
		if (capture < cutoff || (keeping && window === 0)) return false;
		if (length > 0 && length <= SIZE_BITS && capture > lastCapture && capture <= now + AHEAD) {
			while (packetsFull() && evictForRoom());
			let at = packetsFull() ? -1 : reserve(length);
			if (at < 0 && !packetsFull()) at = makeRoom(length);
			if (at >= 0) {
				copy(at, from, length);
				const live = appendPacket(at, length, capture, 0);
				lastCapture = capture;
				if (live && soundStart === Infinity) soundStart = capture;
				return true;
			}
		}
		missPackets(1);
		return false;
	}

	return {
		frames,
		packets,
		pushFrame,
		pushPacket,
		reclaim,
		keep(microseconds) {
			window = microseconds;
			keeping = true;
		},
		hold(cutoff) {
			evictBefore(cutoff);
			heldFrom = cutoff;
			keeping = false;
		},
		startDrain() {
			dropping = !open && groupStart !== Infinity;
			frames.startDrain();
			packets.startDrain();
			groupStart = Infinity;
			soundStart = Infinity;
		},
		cutFrames(time, atLeast) {
			if (frames.isCut()) return;
			frames.cut(time, atLeast);
			open = false;
			reclaim();
		},
		cutPackets(time, atLeast) {
			if (packets.isCut()) return;
			packets.cut(time, atLeast);
			reclaim();
		},
		clear() {
			memory.zero(arena.at, arena.bytes);
			memory.zero(index.at, index.bytes);
			frames.reset();
			packets.reset();
			retain(-1);
			groupStart = soundStart = Infinity;
			pictureStart = lastPresentation = lastDecode = lastCapture = newestKey = roomTime = -Infinity;
			groupTime = reorder = 0;
			frameGaps.reset();
			packetGaps.reset();
			open = dropping = false;
		},
		breakFrames(lost) {
			open = false;
			dropping = true;
			missFrames(lost);
		},
		missPackets,
		expire(now) {
			if (keeping) evictBefore(now - window);
		},
		liveFrameTime: () => groupStart,
		livePacketTime: () => soundStart,
		keyframeTime: () => newestKey,
		groupTime: () => groupTime,
		broken: () => !open,
		roomTime: () => roomTime,
		reorder: () => reorder,
		lostFrames: () => lostFrames,
		lostPackets: () => lostPackets,
		countLost() {
			lostFrames = groupStart === Infinity ? 0 : frameGaps.since(groupStart);
			lostPackets = soundStart === Infinity ? 0 : packetGaps.since(soundStart);
		},
	};
}
