import type { MediaMemory } from "../../hal/media-memory.ts";
import type { FragmentPlanner } from "../fragment-planner.ts";
import { KEYFRAME, SIZE_BITS } from "../frame-index.ts";
import type { Ring } from "../ring-interface.ts";
import { fourCharacters } from "./boxes.ts";
import { AUDIO_TIMESCALE, AUDIO_TRACK, SYNC_SAMPLE, VIDEO_TRACK } from "./init-segment.ts";

const MOOF = fourCharacters("moof");
const MFHD = fourCharacters("mfhd");
const TRAF = fourCharacters("traf");
const TFHD = fourCharacters("tfhd");
const TFDT = fourCharacters("tfdt");
const TRUN = fourCharacters("trun");
const MDAT = fourCharacters("mdat");

const DEFAULT_BASE_IS_MOOF = 0x02_0000;
const VERSION_1 = 0x100_0000;
/** data offset, duration, size, composition offset of each sample. */
const VIDEO_TRUN = 0x000b01;
const FIRST_SAMPLE_FLAGS = 0x000004;
/** data offset, duration and size of each sample. */
const AUDIO_TRUN = 0x000301;

const TRAF_BYTES = 8 + 16 + 20 + 20;
const VIDEO_SAMPLE = 12;
const AUDIO_SAMPLE = 8;
const TICKS_PER_MICROSECOND = AUDIO_TIMESCALE / 1_000_000;

/** Sound whose capture time differs from the run of samples by more than this is placed anew, ticks of 48 kHz: 10 ms. */
const TOLERANCE = 480;

/** Bytes of the largest fragment header. */
export function fragmentHeaderBytes(frames: number, packets: number): number {
	return 32 + 2 * TRAF_BYTES + 4 + frames * VIDEO_SAMPLE + packets * AUDIO_SAMPLE;
}

/**
 * Writes the moof box and the header of the mdat box of planned fragments, in media memory, with one native call a
 * sample and no allocation. Times are those of the board: each fragment starts at its own (tfdt, 64 bits), so that
 * nothing adds up over hours.
 */
export interface FragmentHeaders {
	/** Begins a file whose time 0 is `origin` on the board's clock, µs. */
	start(origin: number, videoDelay: number, packetTime: number): void;
	/** Writes the header of the planned fragment at `at`. @returns its bytes */
	write(at: number, plan: FragmentPlanner): number;
	/** Bytes of the fragment's samples, header not counted. */
	dataBytes(): number;
	/** Media time of the first picture in the pictures' time scale, or -1 when it is no keyframe. */
	keyframeMediaTime(): number;
}

/** Creates the writer. */
export function createFragmentHeaders(memory: MediaMemory, ring: Ring): FragmentHeaders {
	const { time: frameTimes, offset: frameOffsets, size: frameSizes, mask: frameMask } = ring.frames.index;
	const { time: packetTimes, size: packetSizes, mask: packetMask } = ring.packets.index;
	const { store32be } = memory;
	let origin = 0;
	let delay = 0;
	let packetTicks = 0;
	let nextTick = -1; // where the next packet starts if sound runs on
	let sequence = 0;
	let dataBytes = 0;
	let keyframeTime = -1;

	function writeTraf(at: number, size: number, track: number, start: number): void {
		const high = Math.floor(start / 0x1_0000_0000);
		store32be(at, size, TRAF, 16, TFHD, DEFAULT_BASE_IS_MOOF, track, 20, TFDT);
		store32be(at + 32, VERSION_1, high, start - high * 0x1_0000_0000);
	}

	/** @returns bytes of the pictures */
	function writeVideo(at: number, plan: FragmentPlanner, count: number, size: number, moof: number): number {
		const from = plan.frameFrom();
		const to = plan.frameTo();
		const slot = from & frameMask;
		const offset = frameOffsets[slot] as number;
		let decode = (frameTimes[slot] as number) - offset;
		const key = (frameSizes[slot] as number) >= KEYFRAME;
		let start = decode - origin + delay;
		if (start < 0) start = 0;
		keyframeTime = key ? start + offset : -1;
		writeTraf(at, size, VIDEO_TRACK, start);
		let out = at + TRAF_BYTES;
		store32be(
			at + 44,
			size - 44,
			TRUN,
			VERSION_1 + VIDEO_TRUN + (key ? FIRST_SAMPLE_FLAGS : 0),
			count,
			moof + 8,
			SYNC_SAMPLE,
		);
		if (key) out += 4;
		let bytes = 0;
		let pendingSize = (frameSizes[slot] as number) & SIZE_BITS;
		let pendingOffset = offset;
		for (let i = from + 1; i <= to; i++) {
			let next = plan.frameEndTime();
			let nextSize = 0;
			let nextOffset = 0;
			if (i < to) {
				const other = i & frameMask;
				nextSize = frameSizes[other] as number;
				if (nextSize === 0) continue;
				nextOffset = frameOffsets[other] as number;
				next = (frameTimes[other] as number) - nextOffset;
			}
			store32be(out, next - decode, pendingSize, pendingOffset);
			out += VIDEO_SAMPLE;
			bytes += pendingSize;
			decode = next;
			pendingSize = nextSize;
			pendingOffset = nextOffset;
		}
		return bytes;
	}

	/** @returns bytes of the sound */
	function writeAudio(at: number, plan: FragmentPlanner, size: number, dataOffset: number): number {
		const from = plan.packetFrom();
		const to = plan.packetTo();
		let out = at + TRAF_BYTES;
		let bytes = 0;
		let tick = 0;
		for (let i = from; i < to; i++) {
			const slot = i & packetMask;
			const exact = ((packetTimes[slot] as number) - origin) * TICKS_PER_MICROSECOND;
			tick = nextTick;
			if (tick < 0 || exact - tick > TOLERANCE || tick - exact > TOLERANCE) {
				tick = Math.round(exact);
				const earliest = nextTick < 0 ? 0 : nextTick - packetTicks + 1;
				if (tick < earliest) tick = earliest;
				// The packet before lasts until this one.
				if (i > from) store32be(out - AUDIO_SAMPLE, tick - (nextTick - packetTicks));
			}
			if (i === from) writeTraf(at, size, AUDIO_TRACK, tick);
			const length = packetSizes[slot] as number;
			store32be(out, packetTicks, length);
			out += AUDIO_SAMPLE;
			bytes += length;
			nextTick = tick + packetTicks;
		}
		store32be(at + 44, size - 44, TRUN, AUDIO_TRUN, to - from, dataOffset);
		return bytes;
	}

	return {
		start(newOrigin, videoDelay, packetTime) {
			origin = newOrigin;
			delay = videoDelay;
			packetTicks = Math.round(packetTime * TICKS_PER_MICROSECOND);
			nextTick = -1;
			sequence = 0;
		},
		write(at, plan) {
			const from = plan.frameFrom();
			const to = plan.frameTo();
			let frames = 0;
			for (let i = from; i < to; i++) if ((frameSizes[i & frameMask] as number) !== 0) frames++;
			const packets = plan.packetTo() - plan.packetFrom();
			const key = frames > 0 && (frameSizes[from & frameMask] as number) >= KEYFRAME;
			const video = frames === 0 ? 0 : TRAF_BYTES + (key ? 4 : 0) + frames * VIDEO_SAMPLE;
			const audio = packets === 0 ? 0 : TRAF_BYTES + packets * AUDIO_SAMPLE;
			const moof = 24 + video + audio;
			sequence++;
			store32be(at, moof, MOOF, 16, MFHD, 0, sequence);
			dataBytes = 0;
			keyframeTime = -1;
			if (frames > 0) dataBytes = writeVideo(at + 24, plan, frames, video, moof);
			if (packets > 0) dataBytes += writeAudio(at + 24 + video, plan, audio, moof + 8 + dataBytes);
			store32be(at + moof, dataBytes + 8, MDAT);
			return moof + 8;
		},
		dataBytes: () => dataBytes,
		keyframeMediaTime: () => keyframeTime,
	};
}
