import type { MediaMemory } from "../hal/media-memory.ts";
import type { FragmentPlanner } from "./fragment-planner.ts";
import type { Ring } from "./ring-interface.ts";

const FIELDS = 8;
const HISTORY = 64;

/** Bytes of the notes that go with a segment. */
export const NOTES_BYTES = 48;

/** What a recording holds. Times in µs on the board's clock; -1 without a frame or packet. */
export interface TallyCounts {
	/** Pictures presented before the trigger. */
	readonly framesBefore: number;
	/** Pictures presented at or after it. */
	readonly framesAfter: number;
	/** Sound packets. */
	readonly packets: number;
	/** Presentation of the first picture. */
	readonly firstFrame: number;
	/** Presentation of the last. */
	readonly lastFrame: number;
	/** Capture of the first packet. */
	readonly firstPacket: number;
	/** Capture of the last. */
	readonly lastPacket: number;
}

/** Counts what has been muxed, and remembers enough to step back to what is safe on the card. */
export interface Tally {
	/** Begins anew; pictures before `trigger`, µs, are those before. */
	reset(trigger: number): void;
	/** Adds a planned fragment, not yet for good, and writes the notes that go with its segment. */
	propose(plan: FragmentPlanner, lostFrames: number, lostPackets: number, drainMs: number): void;
	/** Takes back what was proposed: what comes next adds nothing to the counts. The notes say so too. */
	withdraw(): void;
	/** First picture or sound of what was proposed, ms since power-on. */
	firstMs(): number;
	/** Last picture or sound of it, ms. */
	lastMs(): number;
	/** Whether all of it was captured before the trigger. */
	beforeTrigger(): boolean;
	/** What was proposed is in the file, whose length is now `bytes`. */
	commit(bytes: number): void;
	/** Steps back to what was in the file when it had `bytes`. */
	stepBack(bytes: number): void;
	/** The counts. */
	counts(): TallyCounts;
}

/** Creates a tally that writes notes at `notes` in media memory. */
export function createTally(memory: MediaMemory, ring: Ring, notes: number): Tally {
	const { time: frameTimes, size: frameSizes, mask: frameMask } = ring.frames.index;
	const { time: packetTimes, mask: packetMask } = ring.packets.index;
	const history = new Float64Array(HISTORY * FIELDS);
	let steps = 0;
	let trigger = 0;
	let framesBefore = 0;
	let framesAfter = 0;
	let packets = 0;
	let firstFrame = -1;
	let lastFrame = -1;
	let firstPacket = -1;
	let lastPacket = -1;
	let earliest = 0; // of what was proposed
	let latest = 0;

	function span(time: number): void {
		if (time < earliest) earliest = time;
		if (time > latest) latest = time;
	}

	function load(step: number): void {
		const at = (step % HISTORY) * FIELDS;
		framesBefore = history[at + 1] as number;
		framesAfter = history[at + 2] as number;
		packets = history[at + 3] as number;
		firstFrame = history[at + 4] as number;
		lastFrame = history[at + 5] as number;
		firstPacket = history[at + 6] as number;
		lastPacket = history[at + 7] as number;
	}

	function commit(bytes: number): void {
		steps++;
		const at = (steps % HISTORY) * FIELDS;
		history[at] = bytes;
		history[at + 1] = framesBefore;
		history[at + 2] = framesAfter;
		history[at + 3] = packets;
		history[at + 4] = firstFrame;
		history[at + 5] = lastFrame;
		history[at + 6] = firstPacket;
		history[at + 7] = lastPacket;
	}

	const toMs = (time: number) => (time < 0 ? 0 : Math.floor(time / 1000));

	function writeNotes(lostFrames: number, lostPackets: number, drainMs: number): void {
		memory.store32(
			notes,
			framesBefore,
			framesAfter,
			packets,
			toMs(firstFrame),
			toMs(lastFrame),
			toMs(firstPacket),
			toMs(lastPacket),
			lostFrames,
		);
		memory.store32(notes + 32, lostPackets, drainMs, 0, 0);
	}

	return {
		reset(newTrigger) {
			trigger = newTrigger;
			framesBefore = framesAfter = packets = 0;
			firstFrame = lastFrame = firstPacket = lastPacket = -1;
			steps = -1;
			earliest = latest = newTrigger;
			commit(0);
		},
		propose(plan, lostFrames, lostPackets, drainMs) {
			load(steps);
			earliest = Infinity;
			latest = -Infinity;
			for (let i = plan.frameFrom(); i < plan.frameTo(); i++) {
				const slot = i & frameMask;
				if ((frameSizes[slot] as number) === 0) continue;
				const time = frameTimes[slot] as number;
				if (time < trigger) framesBefore++;
				else framesAfter++;
				if (firstFrame < 0 || time < firstFrame) firstFrame = time;
				if (time > lastFrame) lastFrame = time;
				span(time);
			}
			const from = plan.packetFrom();
			const to = plan.packetTo();
			if (to > from) {
				if (packets === 0) firstPacket = packetTimes[from & packetMask] as number;
				lastPacket = packetTimes[(to - 1) & packetMask] as number;
				packets += to - from;
				span(packetTimes[from & packetMask] as number);
				span(lastPacket);
			}
			writeNotes(lostFrames, lostPackets, drainMs);
		},
		withdraw() {
			load(steps);
			latest = packets > 0 && lastPacket > lastFrame ? lastPacket : lastFrame;
			if (latest < 0) latest = trigger;
			earliest = latest;
			writeNotes(memory.load32(notes + 28), memory.load32(notes + 32), memory.load32(notes + 36));
		},
		firstMs: () => Math.floor(earliest / 1000),
		lastMs: () => Math.floor(latest / 1000),
		beforeTrigger: () => latest < trigger,
		commit,
		stepBack(bytes) {
			let step = steps;
			while (step > 0 && step > steps - HISTORY + 1 && (history[(step % HISTORY) * FIELDS] as number) > bytes)
				step--;
			steps = step;
			load(step);
		},
		counts() {
			load(steps);
			return { framesBefore, framesAfter, packets, firstFrame, lastFrame, firstPacket, lastPacket };
		},
	};
}
