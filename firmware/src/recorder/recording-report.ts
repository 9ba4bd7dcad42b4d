import type { PrivateMetadata } from "@bodycam/protocol/camera/private-metadata";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { VideoFormat } from "../hal/encoded-video-in.ts";
import type { Annotation, BeginOptions, StopOptions } from "./recorder-interface.ts";
import { describePreRecord, describeRecording, type PreRecordFacts } from "./recording-metadata.ts";
import type { Ring } from "./ring-interface.ts";
import type { Tally } from "./tally.ts";

/** Puts together the metadata of one recording after the other. */
export interface RecordingReport {
	/** The metadata a recording is opened with; what the ring holds now is what will be delivered. */
	open(number: number, begin: BeginOptions, video: VideoFormat | undefined): RecordingMetadata;
	/** Adds to the final metadata. */
	annotate(part: Annotation): void;
	/** What names people: it goes into the file. */
	names(): PrivateMetadata;
	/** Length of the picture that is on the card and how much of it is from before the trigger; after `close`. */
	extent(): { readonly durationMs: number; readonly preRecordMs: number };
	/** Everything from before the trigger is on the card. */
	drained(milliseconds: number): void;
	/** Time the drain took, ms. */
	drainMs(): number;
	/** Entries of the ring were given up. */
	giveUp(frames: number, packets: number): void;
	/** The final metadata for what is on the card. */
	close(
		bytes: number,
		sha256: Uint8Array,
		stop: StopOptions | undefined,
		video: VideoFormat | undefined,
	): RecordingMetadata;
}

/**
 * Creates the report.
 * @param preRecordFacts - the facts about pre-recording for a trigger now
 */
export function createRecordingReport(
	ring: Ring,
	tally: Tally,
	preRecordFacts: (trigger: number) => PreRecordFacts,
): RecordingReport {
	let number = 0;
	let begun: BeginOptions | undefined;
	let facts: PreRecordFacts | undefined;
	let drainMs = 0;
	let lostFrames = 0;
	let lostPackets = 0;
	let annotations: Partial<RecordingMetadata> = {};
	let authorisedBy: string | undefined;
	let extent = { durationMs: 0, preRecordMs: 0 };

	function describe(begin: BeginOptions, known: PreRecordFacts, video: VideoFormat | undefined) {
		return describeRecording({
			number,
			base: begin.base,
			source: begin.source,
			trigger: begin.triggerTime,
			preRecord: describePreRecord(known),
			video,
			counts: tally.counts(),
			drainMs,
			lostFrames: ring.lostFrames() + lostFrames,
			lostPackets: ring.lostPackets() + lostPackets,
		});
	}

	return {
		open(newNumber, begin, video) {
			number = newNumber;
			begun = begin;
			drainMs = 0;
			lostFrames = lostPackets = 0;
			annotations = {};
			authorisedBy = undefined;
			tally.reset(begin.triggerTime);
			ring.countLost();
			facts = preRecordFacts(begin.triggerTime);
			return describe(begin, facts, video);
		},
		annotate({ authorisedBy: name, ...part }) {
			annotations = { ...annotations, ...part };
			authorisedBy = name ?? authorisedBy;
		},
		names: () => ({
			device: begun?.base.device ?? "",
			number,
			...(authorisedBy === undefined ? {} : { authorisedBy }),
		}),
		extent: () => extent,
		drained(milliseconds) {
			drainMs = milliseconds;
		},
		drainMs: () => drainMs,
		giveUp(frames, packets) {
			lostFrames += frames;
			lostPackets += packets;
		},
		close(bytes, sha256, stop, video) {
			if (!begun || !facts) throw new Error("no recording has been opened");
			const muxed = tally.counts();
			tally.stepBack(bytes);
			const kept = tally.counts();
			const frames = kept.framesBefore + kept.framesAfter;
			lostFrames += muxed.framesBefore + muxed.framesAfter - frames;
			lostPackets += muxed.packets - kept.packets;
			const known = { ...facts, firstFrame: kept.firstFrame, firstPacket: kept.firstPacket };
			const described = describe(begun, known, video);
			const { firstMs, lastMs } = described.video;
			extent = {
				durationMs: Math.max(0, lastMs - firstMs),
				preRecordMs: described.preRecord.deliveredMs,
			};
			return {
				...described,
				...annotations,
				...(stop && { stop: { monotonicMs: Math.floor(stop.time / 1000), reason: stop.reason } }),
				state: "complete",
				bytes,
				sha256,
			};
		},
	};
}
