import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import { createLossBound } from "../evidence/loss-bound.ts";
import type { RecordEnd } from "../evidence/record-signer.ts";
import type { SealedFile } from "../evidence/sealed-file.ts";
import type { AudioFormat } from "../hal/encoded-audio-in.ts";
import type { VideoFormat } from "../hal/encoded-video-in.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { Timers } from "../hal/timers.ts";
import type { CardFault, ExtentStore, RecordingWriter } from "../storage/store-interface.ts";
import { createDrain } from "./drain.ts";
import type { MediaQueue } from "./media-queue.ts";
import { buildPrivateBox } from "./muxer/private-box.ts";
import type { Annotation, BeginOptions, RecorderOptions, StopOptions } from "./recorder-interface.ts";
import type { PreRecordFacts } from "./recording-metadata.ts";
import { createRecordingReport } from "./recording-report.ts";
import type { Ring } from "./ring-interface.ts";

/** A file is begun without pictures or without sound when they have not come after this time, µs. */
const PATIENCE = 1_000_000;

/** After a stop, frames that are still in the encoder are waited for this long, µs. */
const LAST_FRAMES = 500_000;

const REASON_OF_FAULT: Readonly<Record<CardFault, StopOptions["reason"]>> = {
	absent: "card-missing",
	full: "card-full",
	"read-only": "card-error",
	"write-error": "card-error",
	"read-error": "card-error",
	stalled: "card-error",
	"unknown-format": "card-error",
};

/** What is said of a recording whose end could not be written. */
const CUT_OFF = { state: "interrupted", interrupted: true } as const;

/** What a session works with. Its callbacks come from `tick` and from events of camera and card, from no other method. */
export interface SessionContext {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Clock. */
	readonly timers: Timers;
	/** The ring that is drained. */
	readonly ring: Ring;
	/** See `RECORDER_WORK_BYTES`. */
	readonly work: MediaRegion;
	/** Where recordings go. */
	readonly store: ExtentStore;
	/** Format of the pictures, once known. */
	video(): VideoFormat | undefined;
	/** Format of the sound, once known. */
	audio(): AudioFormat | undefined;
	/** Whether sound is to be expected. */
	readonly sound: boolean;
	/** Seals what goes there. */
	readonly file: SealedFile;
	/** See `RecorderOptions`. */
	readonly sealing: RecorderOptions["sealing"];
	/** See `RecorderOptions`. */
	readonly encodeMetadata: RecorderOptions["encodeMetadata"];
	/** The facts about pre-recording for a trigger now. */
	preRecordFacts(trigger: number): PreRecordFacts;
	/** Everything from before the trigger is on the card. */
	onDrained(number: number, drainMs: number): void;
	/** See `RecorderOptions`. */
	onBehind(number: number, untilMs: number): void;
	/** Nothing that is captured from now on belongs to the recording. */
	onCut(): void;
	/** The card fails; the session closes what it has. */
	onFault(fault: CardFault): void;
	/** The session is over. `metadata`: what is on the card; undefined when it could not be closed. */
	onClosed(number: number, metadata: RecordingMetadata | undefined): void;
}

/** One recording at a time, from its trigger until it is closed on the card. */
export interface RecordingSession {
	/**
	 * Opens the next recording. The ring's drain is to be started then.
	 * @throws {StoreError} when the card cannot be written
	 */
	open(begin: BeginOptions): {
		readonly number: number;
		readonly opening: RecordingMetadata;
		readonly header: RecordEnd;
	};
	/** Number of the recording that is open or being closed; 0 without one. */
	number(): number;
	/** Whether its file has been begun without pictures. */
	blind(): boolean;
	/** Whether sound captured now belongs to it. */
	wantsSound(): boolean;
	/** Ends picture and sound at a time. */
	stop(options: StopOptions): void;
	/** Does not wait for frames that are still in the encoder at the stop. */
	cut(): void;
	/** A picture is about to be stored. */
	beforeFrame(presentation: number): void;
	/** A packet is about to be stored. */
	beforePacket(capture: number): void;
	/** A picture has been stored. */
	afterFrame(keyframe: boolean, decode: number, now: number): void;
	/** Time has passed. */
	tick(now: number): void;
	/** Adds to the metadata. */
	annotate(part: Annotation): void;
}

/** Creates the session. */
export function createRecordingSession(context: SessionContext): RecordingSession {
	const { memory, ring, store, timers, file } = context;
	const { frames, packets } = ring;
	const drain = createDrain(memory, ring, context.work);
	const lossBound = createLossBound();
	const report = createRecordingReport(ring, drain.tally, context.preRecordFacts);

	let writer: RecordingWriter | undefined;
	let begun: BeginOptions | undefined;
	let openedAt = 0;
	let fileVideo: VideoFormat | undefined;
	let silent = false;
	let stopped: StopOptions | undefined;
	let stoppedAt = 0;
	let cutTold = false;
	let finishing = false;
	let closing = false;
	let drainedBytes = -1; // the file has this length when everything from before the trigger is in it
	let drained = false;
	let preceded = false; // there was something from before the trigger

	function firstTime(queue: MediaQueue): number {
		if (queue.tail() >= queue.end()) return Infinity;
		return queue.index.time[queue.tail() & queue.index.mask] as number;
	}

	function close(): void {
		const target = writer;
		if (target === undefined || closing) return;
		closing = true;
		drain.abandon();
		let final: RecordingMetadata | undefined;
		target.close(
			(bytes, sha256, segments) => {
				const kept = report.close(bytes, sha256, stopped, fileVideo ?? context.video());
				const { durationMs, preRecordMs } = report.extent();
				const reason = stopped?.reason ?? "reset";
				const end = file.end(bytes, segments, { durationMs, preRecordMs, reason });
				final = { ...kept, ...(end.whole ? {} : CUT_OFF), finalHash: end.hash };
				return { metadata: context.encodeMetadata(final), record: end.record };
			},
			(closed) => {
				writer = undefined;
				file.wipe();
				context.onClosed(target.number, closed ? final : undefined);
			},
		);
	}

	/** What has not been written is given up: nothing more is to be written for it. */
	function giveUp(fault: CardFault): void {
		stopped ??= { time: timers.now(), reason: REASON_OF_FAULT[fault] };
		// What is being written counts as muxed already.
		const frame = Math.max(frames.tail(), drain.framesTaken());
		const packet = Math.max(packets.tail(), drain.packetsTaken());
		report.giveUp(Math.max(0, frames.end() - frame), Math.max(0, packets.end() - packet));
		ring.cutFrames(-Infinity, 0);
		ring.cutPackets(-Infinity, 0);
		while (frames.tail() < frames.end()) frames.drop();
		while (packets.tail() < packets.end()) packets.drop();
		ring.reclaim();
		tellCut();
		context.onFault(fault);
	}

	/** The card takes no more. */
	function fail(fault: CardFault): void {
		if (closing) return;
		giveUp(fault);
		close();
	}

	function tellCut(): void {
		if (cutTold || !frames.isCut() || !packets.isCut()) return;
		cutTold = true;
		context.onCut();
	}

	/** Begins the file as soon as it is known what is in it. */
	function beginFile(over: boolean, now: number): boolean {
		const frame = firstTime(frames);
		const packet = firstTime(packets);
		const pictures = frame !== Infinity && context.video() !== undefined;
		const sound = packet !== Infinity && context.audio() !== undefined;
		const late = now - openedAt >= PATIENCE || (frames.isCut() && packets.isCut());
		// One that ends with nothing in it is a file all the same.
		if (!(pictures && (sound || !context.sound)) && !(late && (pictures || sound || over))) return false;
		fileVideo = context.video();
		silent = !sound;
		if (silent) ring.cutPackets(-Infinity, 0);
		const { offset, mask } = frames.index;
		const delay = pictures ? (offset[frames.tail() & mask] as number) : ring.reorder();
		drain.start({
			file,
			video: fileVideo,
			audio: sound ? context.audio() : undefined,
			videoDelay: Math.max(0, delay),
			origin: pictures || sound ? Math.min(frame, packet) : (begun?.triggerTime ?? 0),
			startedAt: begun?.base.startedAt,
		});
		return true;
	}

	function poll(now: number): void {
		if (writer === undefined || closing) return;
		let over = stopped !== undefined && frames.isCut() && packets.isCut();
		const trigger = begun?.triggerTime ?? 0;
		if (!drain.started() && !beginFile(over, now)) return;
		if (!drain.pump(now)) {
			giveUp("full");
			over = true;
		}
		if (drainedBytes < 0 && firstTime(frames) >= trigger && firstTime(packets) >= trigger)
			drainedBytes = writer.bytes;
		if (!over || !drain.empty()) return;
		if (!finishing) {
			finishing = true;
			if (!drain.finish(buildPrivateBox(report.names()), now)) close();
		}
		if (drain.empty()) close();
	}

	function watchCard(now: number): void {
		if (writer === undefined) return;
		const untilMs = lossBound.tick(now / 1000, writer.segments);
		if (untilMs > 0) context.onBehind(writer.number, Math.ceil(untilMs));
	}

	function onSafe(bytes: number, segments: number): void {
		lossBound.safe(segments);
		if (drained || drainedBytes < 0 || bytes < drainedBytes || writer === undefined) return;
		drained = true;
		const since = timers.now() - (begun?.triggerTime ?? 0);
		report.drained(preceded ? Math.max(0, Math.round(since / 1000)) : 0);
		context.onDrained(writer.number, report.drainMs());
	}

	function cut(): void {
		if (stopped === undefined) return;
		ring.cutFrames(stopped.time, drain.framesTaken());
		ring.cutPackets(stopped.time, drain.packetsTaken());
	}

	return {
		open(begin) {
			const opening = report.open(store.status().next, begin, context.video());
			preceded = ring.liveFrameTime() < begin.triggerTime || ring.livePacketTime() < begin.triggerTime;
			const header = file.prepare(context.sealing(opening));
			try {
				writer = store.open(context.encodeMetadata(opening, header), {
					onRoom: () => poll(timers.now()),
					onSafe,
					onFault: fail,
				});
			} catch (error) {
				file.wipe();
				throw error;
			}
			file.open(writer);
			begun = begin;
			openedAt = timers.now();
			lossBound.begin(openedAt / 1000);
			fileVideo = undefined;
			silent = cutTold = finishing = closing = drained = false;
			drainedBytes = -1;
			stopped = undefined;
			return { number: writer.number, opening, header };
		},
		number: () => writer?.number ?? 0,
		blind: () => drain.started() && fileVideo === undefined,
		wantsSound: () => writer !== undefined && !silent && !packets.isCut(),
		stop(options) {
			if (writer === undefined || stopped !== undefined) return;
			stopped = options;
			stoppedAt = timers.now();
		},
		cut,
		beforeFrame(presentation) {
			if (stopped === undefined || presentation <= stopped.time || frames.isCut()) return;
			ring.cutFrames(stopped.time, drain.framesTaken());
			tellCut();
		},
		beforePacket(capture) {
			if (stopped === undefined || capture <= stopped.time || packets.isCut()) return;
			ring.cutPackets(stopped.time, drain.packetsTaken());
			tellCut();
		},
		afterFrame(keyframe, decode, now) {
			if (keyframe || drain.endsFragment(decode)) poll(now);
		},
		tick(now) {
			if (writer === undefined) return;
			if (stopped !== undefined && now - stoppedAt >= LAST_FRAMES) cut();
			if (stopped !== undefined) tellCut();
			drain.note(ring.lostFrames(), ring.lostPackets(), report.drainMs());
			poll(now);
			watchCard(now);
		},
		annotate: (part) => report.annotate(part),
	};
}
