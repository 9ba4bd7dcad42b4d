import { CHUNK_BYTES } from "@bodycam/protocol/age/stream";
import type { SealedFile } from "../evidence/sealed-file.ts";
import type { AudioFormat } from "../hal/encoded-audio-in.ts";
import type { VideoFormat } from "../hal/encoded-video-in.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import { createFragmentPlanner, FRAGMENT_TIME, MAX_FRAMES, MAX_PACKETS } from "./fragment-planner.ts";
import { SIZE_BITS } from "./frame-index.ts";
import { fourCharacters } from "./muxer/boxes.ts";
import { createFragmentHeaders, fragmentHeaderBytes } from "./muxer/fragment-header.ts";
import { buildInitSegment } from "./muxer/init-segment.ts";
import { createSeekTable } from "./muxer/seek-table.ts";
import type { Ring } from "./ring-interface.ts";
import { createTally, NOTES_BYTES, type Tally } from "./tally.ts";

/** A fragment whose end has not come is closed after this time, µs: its frames would be lost with the power. */
const OVERDUE = 850_000;

const HEADER_BYTES = Math.ceil(fragmentHeaderBytes(MAX_FRAMES, MAX_PACKETS) / 8) * 8;

/** A box with nothing but its header, which stands for bytes to be passed over (ISO/IEC 14496-12, 8.1.2). */
const FREE = fourCharacters("free");
const FREE_HEADER = 8;

/** What the drain is doing. */
const Phase = { idle: 0, header: 1, frames: 2, packets: 3, tail: 4, free: 5, seal: 6 } as const;

/** How a file begins. */
export interface DrainStart {
	/** Where it goes; it is open. */
	readonly file: SealedFile;
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
 * Takes what the ring has for the card, makes fragments of it and has them sealed, as far as the card keeps up; the rest
 * waits in the ring. Each fragment is padded to whole chunks of encryption, so that one that is closed is sealed.
 * Allocates nothing but at the beginning and the end of a file.
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
	/** Whether everything that was captured has been handed over. */
	empty(): boolean;
	/**
	 * Writes the end of the file: a box, and the seek table. The last thing before closing; only when `empty`.
	 * @returns false when the card has no room for it
	 */
	finish(box: Uint8Array, now: number): boolean;
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
	const freeBox = notes + NOTES_BYTES;
	const seekAt = freeBox + FREE_HEADER;
	const seekTable = createSeekTable(memory, { at: seekAt, bytes: work.at + work.bytes - seekAt });
	const planner = createFragmentPlanner(ring);
	const headers = createFragmentHeaders(memory, ring);
	const tally = createTally(memory, ring, notes);

	let file: SealedFile | undefined;
	let frameTime = 40_000;
	let phase: number = Phase.idle;
	let blobAt = 0;
	let blobLeft = 0;
	let tailLeft = 0; // of the seek table
	let padding = 0; // of the segment
	let done = 0; // bytes of the entry being written that are written
	let bytes = 0; // of the plaintext, this segment included
	let waitingSince = -1;
	let fragmentEnd = -Infinity;
	let plain = false; // the segment is no fragment
	let lostFrames = 0;
	let lostPackets = 0;
	let drainMs = 0;

	/** Begins a segment with so many bytes; all but the last are padded with a box to whole chunks. */
	function beginSegment(target: SealedFile, length: number, last: boolean, sound: boolean): boolean {
		const rest = length % CHUNK_BYTES;
		padding = rest === 0 || last ? 0 : CHUNK_BYTES - rest;
		if (padding > 0 && padding < FREE_HEADER) padding += CHUNK_BYTES;
		const total = length + padding;
		const { firstMs, lastMs, beforeTrigger } = tally;
		if (!target.beginSegment(total, last, notes, firstMs(), lastMs(), beforeTrigger(), sound)) return false;
		memory.store32be(freeBox, padding, FREE);
		bytes += total;
		tally.commit(target.bytes());
		return true;
	}

	/** Plans the next fragment and begins its segment. @returns 1 begun, 0 nothing to do yet, -1 card full */
	function next(target: SealedFile, now: number): number {
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
		const from = bytes;
		if (!beginSegment(target, total, false, planner.packetTo() > planner.packetFrom())) return -1;
		const key = headers.keyframeMediaTime();
		if (key >= 0) seekTable.add(key, from);
		blobAt = header;
		blobLeft = size;
		phase = Phase.header;
		return 1;
	}

	/** Begins a segment of bytes that lie in working memory: `length` at `header`, and `tail` of the seek table. */
	function writeBlob(target: SealedFile, length: number, tail: number, last: boolean): boolean {
		tally.withdraw();
		if (!beginSegment(target, length + tail, last, false)) return false;
		blobAt = header;
		blobLeft = length;
		tailLeft = tail;
		phase = Phase.header;
		plain = true;
		return true;
	}

	/** Writes an entry from where it stopped. @returns whether it is written */
	function writeEntry(target: SealedFile, at: number, length: number): boolean {
		done += target.write(at + done, length - done);
		if (done < length) return false;
		done = 0;
		return true;
	}

	/** Writes the blob from where it stopped. @returns whether it is written */
	function writeOut(target: SealedFile): boolean {
		const taken = target.write(blobAt, blobLeft);
		blobAt += taken;
		blobLeft -= taken;
		return blobLeft === 0;
	}

	function writeFrames(target: SealedFile): boolean {
		const to = planner.frameTo();
		for (let i = frames.tail(); i < to; i = frames.tail()) {
			const size = (frameSizes[i & mask] as number) & SIZE_BITS;
			if (size > 0 && !writeEntry(target, frameAts[i & mask] as number, size)) return false;
			frames.drop();
			if (i === to - 1) break;
		}
		return true;
	}

	function writePackets(target: SealedFile): boolean {
		const to = planner.packetTo();
		for (let i = packets.tail(); i < to; i = packets.tail()) {
			const size = packetSizes[i & packetMask] as number;
			if (!writeEntry(target, packetAts[i & packetMask] as number, size)) return false;
			packets.drop();
			if (i === to - 1) break;
		}
		return true;
	}

	/** What was captured is written: the box for the padding is next. */
	function beginPadding(): void {
		blobAt = freeBox;
		blobLeft = padding > 0 ? FREE_HEADER : 0;
		phase = Phase.free;
	}

	/** Goes on with the segment. @returns whether it is sealed */
	function advance(target: SealedFile): boolean {
		if (phase === Phase.header) {
			if (!writeOut(target)) return false;
			blobAt = seekAt;
			blobLeft = tailLeft;
			phase = plain ? Phase.tail : Phase.frames;
		}
		if (phase === Phase.frames) {
			if (!writeFrames(target)) return false;
			phase = Phase.packets;
		}
		if (phase === Phase.packets) {
			if (!writePackets(target)) return false;
			beginPadding();
		}
		if (phase === Phase.tail) {
			if (!writeOut(target)) return false;
			beginPadding();
		}
		if (phase === Phase.free) {
			if (!writeOut(target)) return false;
			phase = Phase.seal;
		}
		if (!target.pad() || !target.seal()) return false;
		phase = Phase.idle;
		plain = false;
		return true;
	}

	function pump(now: number): boolean {
		const target = file;
		if (target === undefined) return true;
		while (target.live()) {
			if (phase === Phase.idle) {
				const begun = next(target, now);
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
			file = options.file;
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
			writeBlob(options.file, init.length, 0, false);
		},
		endsFragment: (decode) => decode >= fragmentEnd,
		started: () => file !== undefined,
		empty: () => phase === Phase.idle && !planner.waiting(),
		finish(box, now) {
			if (file === undefined) return false;
			if (box.length > HEADER_BYTES) throw new RangeError("the box at the end of a file is too long");
			new Uint8Array(memory.memory, header, box.length).set(box);
			if (!writeBlob(file, box.length, seekTable.finish(), true)) return false;
			return pump(now);
		},
		abandon() {
			file = undefined;
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
