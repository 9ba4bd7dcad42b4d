import type { AudioFormat } from "../hal/encoded-audio-in.ts";
import type { VideoFormat } from "../hal/encoded-video-in.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { RecordingWriter } from "../storage/store-interface.ts";
import { createFragmentPlanner, FRAGMENT_TIME, MAX_FRAMES, MAX_PACKETS } from "./fragment-planner.ts";
import { SIZE_BITS } from "./frame-index.ts";
import { createFragmentHeaders, fragmentHeaderBytes } from "./muxer/fragment-header.ts";
import { buildInitSegment } from "./muxer/init-segment.ts";
import { createSeekTable } from "./muxer/seek-table.ts";
import type { Ring } from "./ring-interface.ts";
import { createTally, NOTES_BYTES, type Tally } from "./tally.ts";

/** A fragment whose end has not come is closed after this time, µs: its frames would be lost with the power. */
const OVERDUE = 850_000;

const HEADER_BYTES = Math.ceil(fragmentHeaderBytes(MAX_FRAMES, MAX_PACKETS) / 8) * 8;

/** What the drain is doing. */
const Phase = { idle: 0, header: 1, frames: 2, packets: 3 } as const;

/** How a file begins. */
export interface DrainStart {
	/** Where it goes. */
	readonly writer: RecordingWriter;
	/** Pictures; undefined when there are none. */
	readonly video: VideoFormat | undefined;
	/** Sound; undefined when there is none. */
	readonly audio: AudioFormat | undefined;
	/** Reorder delay of the pictures, µs. */
	readonly videoDelay: number;
	/** Time 0 of the file on the board's clock, µs. */
	readonly origin: number;
	/** Wall clock at the trigger, ms since 1970. */
	readonly startedAt: number | undefined;
}

/**
 * Takes what the ring has for the card, makes fragments of it and hands them to the store, as far as the store has
 * room; the rest waits in the ring. Allocates nothing but at the beginning of a file.
 */
export interface Drain {
	/** What has been muxed. */
	readonly tally: Tally;
	/** Begins a file with ftyp and moov. */
	start(options: DrainStart): void;
	/** Goes on as far as it can. @returns false when the card is full */
	pump(now: number): boolean;
	/** Whether a frame with that decode time ends the fragment being gathered. */
	endsFragment(decode: number): boolean;
	/** Whether a file has been begun. */
	started(): boolean;
	/** Whether everything has been handed over. */
	empty(): boolean;
	/** Writes the seek table; the last thing before closing. Only when `empty`. */
	finish(now: number): void;
	/** Drops what is under way: the file ends here. */
	abandon(): void;
	/** End of the pictures that are being written: they cannot be taken back. */
	framesTaken(): number;
	/** End of the sound that is being written. */
	packetsTaken(): number;
	/** Totals of losses and the drain time that go into the notes. */
	note(lostFrames: number, lostPackets: number, drainMs: number): void;
}

/** Creates a drain. `work`: see `RECORDER_WORK_BYTES`. */
export function createDrain(memory: MediaMemory, ring: Ring, work: MediaRegion): Drain {
	const { frames, packets } = ring;
	const { at: frameAts, size: frameSizes, time: frameTimes, offset: frameOffsets, mask } = frames.index;
	const { at: packetAts, size: packetSizes, mask: packetMask } = packets.index;
	const header = work.at;
	const notes = header + HEADER_BYTES;
	const seekAt = notes + NOTES_BYTES;
	const seekTable = createSeekTable(memory, { at: seekAt, bytes: work.at + work.bytes - seekAt });
	const planner = createFragmentPlanner(ring);
	const headers = createFragmentHeaders(memory, ring);
	const tally = createTally(memory, ring, notes);

	let writer: RecordingWriter | undefined;
	let frameTime = 40_000;
	let phase: number = Phase.idle;
	let blobAt = 0;
	let blobLeft = 0;
	let done = 0; // bytes of the entry being written that are written
	let bytes = 0; // of the file, this segment included
	let waitingSince = -1;
	let fragmentEnd = -Infinity;
	let plain = false; // the segment is no fragment
	let lostFrames = 0;
	let lostPackets = 0;
	let drainMs = 0;

	/** Plans the next fragment and begins its segment. @returns 1 begun, 0 nothing to do yet, -1 card full */
	function next(now: number): number {
		const overdue = waitingSince >= 0 && now - waitingSince >= OVERDUE;
		if (!planner.plan(overdue, frameTime)) {
			if (!planner.waiting()) waitingSince = -1;
			else if (waitingSince < 0) waitingSince = now;
			const tail = frames.tail();
			const slot = tail & mask;
			fragmentEnd =
				tail < frames.end()
					? (frameTimes[slot] as number) - (frameOffsets[slot] as number) + FRAGMENT_TIME
					: -Infinity;
			return 0;
		}
		waitingSince = -1;
		const size = headers.write(header, planner);
		const total = size + headers.dataBytes();
		tally.propose(planner, lostFrames, lostPackets, drainMs);
		if (!writer?.beginSegment(total, 0, notes)) return -1;
		const key = headers.keyframeMediaTime();
		if (key >= 0) seekTable.add(key, bytes);
		bytes += total;
		tally.commit(bytes);
		blobAt = header;
		blobLeft = size;
		phase = Phase.header;
		return 1;
	}

	/** Begins a segment of bytes that lie in working memory. */
	function writeBlob(at: number, length: number, last: boolean): boolean {
		const begun = last ? writer?.beginLastSegment(length, 0, notes) : writer?.beginSegment(length, 0, notes);
		if (!begun) return false;
		bytes += length;
		tally.commit(bytes);
		blobAt = at;
		blobLeft = length;
		phase = Phase.header;
		plain = true;
		return true;
	}

	/** Writes an entry from where it stopped. @returns whether it is written */
	function writeEntry(target: RecordingWriter, at: number, length: number): boolean {
		done += target.write(at + done, length - done);
		if (done < length) return false;
		done = 0;
		return true;
	}

	/** Goes on with the segment. @returns whether it is sealed */
	function advance(target: RecordingWriter): boolean {
		if (phase === Phase.header) {
			const taken = target.write(blobAt, blobLeft);
			blobAt += taken;
			blobLeft -= taken;
			if (blobLeft > 0) return false;
			phase = plain ? Phase.idle : Phase.frames;
		}
		if (phase === Phase.frames) {
			const to = planner.frameTo();
			for (let i = frames.tail(); i < to; i = frames.tail()) {
				const size = (frameSizes[i & mask] as number) & SIZE_BITS;
				if (size > 0 && !writeEntry(target, frameAts[i & mask] as number, size)) return false;
				frames.drop();
				if (i === to - 1) break;
			}
			phase = Phase.packets;
		}
		if (phase === Phase.packets) {
			const to = planner.packetTo();
			for (let i = packets.tail(); i < to; i = packets.tail()) {
				const size = packetSizes[i & packetMask] as number;
				if (!writeEntry(target, packetAts[i & packetMask] as number, size)) return false;
				packets.drop();
				if (i === to - 1) break;
			}
			phase = Phase.idle;
		}
		target.seal();
		plain = false;
		return true;
	}

	function pump(now: number): boolean {
		const target = writer;
		if (target === undefined) return true;
		while (target.live) {
			if (phase === Phase.idle) {
				const begun = next(now);
				if (begun < 0) return false;
				if (begun === 0) break;
			}
			const sealed = advance(target);
			ring.reclaim();
			if (!sealed) break;
		}
		return true;
	}

	return {
		tally,
		pump,
		start(options) {
			writer = options.writer;
			phase = Phase.idle;
			done = 0;
			bytes = 0;
			waitingSince = -1;
			frameTime = Math.max(1, options.video?.frameTime ?? frameTime);
			planner.reset();
			seekTable.reset();
			headers.start(options.origin, options.videoDelay, options.audio?.packetTime ?? 0);
			const init = buildInitSegment(options);
			if (init.length > HEADER_BYTES) throw new RangeError("the camera's parameter sets are too long");
			memory.zero(notes, NOTES_BYTES);
			new Uint8Array(memory.memory, header, init.length).set(init);
			writeBlob(header, init.length, false);
		},
		endsFragment: (decode) => decode >= fragmentEnd,
		started: () => writer !== undefined,
		empty: () => phase === Phase.idle && !planner.waiting(),
		finish(now) {
			if (!seekTable.any()) return;
			if (writeBlob(seekAt, seekTable.finish(), true)) pump(now);
		},
		abandon() {
			writer = undefined;
			phase = Phase.idle;
			plain = false;
			fragmentEnd = -Infinity;
			done = 0;
		},
		framesTaken: () => (phase === Phase.idle || plain ? frames.tail() : planner.frameTo()),
		packetsTaken: () => (phase === Phase.idle || plain ? packets.tail() : planner.packetTo()),
		note(frameCount, packetCount, milliseconds) {
			lostFrames = frameCount;
			lostPackets = packetCount;
			drainMs = milliseconds;
		},
	};
}
