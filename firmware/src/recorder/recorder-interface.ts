import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { RecordEnd } from "../evidence/record-signer.ts";
import type { SealedFile, SealStart } from "../evidence/sealed-file.ts";
import type { EncodedAudioIn, EncodedAudioInOptions } from "../hal/encoded-audio-in.ts";
import type { EncodedVideoIn, EncodedVideoInOptions, VideoFormat } from "../hal/encoded-video-in.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { Timers } from "../hal/timers.ts";
import type { CardFault, ExtentStore } from "../storage/store-interface.ts";

/** Bytes of the ring's index: 16,384 frames and as many sound packets. */
export const INDEX_BYTES = 640 * 1024;

/** Bytes of the recorder's working region: the fragment header being made and the seek table. */
export const RECORDER_WORK_BYTES = 128 * 1024;

/** Capture of picture and sound. */
export type RecorderState = "off" | "armed" | "recording" | "finishing";

/** What can go wrong besides the card. */
export type RecorderFault =
	| { readonly source: "camera"; readonly code: number }
	| { readonly source: "card"; readonly fault: CardFault };

/** How pre-recording is to work. */
export interface ArmOptions {
	/** Configured length in seconds; 0: nothing is kept before a trigger. */
	readonly seconds: number;
	/** Whether sound from before a trigger is kept; without it the microphone starts at the trigger. */
	readonly sound: boolean;
	/** Bit rate the encoder should have, bit/s; 0 leaves its own. Lowered if the arena is too small. */
	readonly bitRate?: number;
}

/** What is learnt about a recording while it is made; `authorisedBy` names people and is told to nobody without a key. */
export type Annotation = Partial<RecordingMetadata> & { readonly authorisedBy?: string | undefined };

/** What starts a recording. */
export interface BeginOptions {
	/** Time of the trigger on the board's clock, µs: the cutoff is this minus the configured seconds. */
	readonly triggerTime: number;
	/** Who triggered. */
	readonly source: RecordingMetadata["trigger"]["source"];
	/** What the owner knows: device, build, engine, seeded, startedAt, clockUncertaintyMs, policy, retention. */
	readonly base: RecordingBase;
}

/** Metadata that does not come from the recorder. */
export type RecordingBase = Pick<
	RecordingMetadata,
	| "device"
	| "build"
	| "engine"
	| "seeded"
	| "startedAt"
	| "clockUncertaintyMs"
	| "wearer"
	| "policy"
	| "retention"
	| "resumes"
>;

/** What stops a recording. */
export interface StopOptions {
	/** Picture and sound end here on the board's clock, µs. */
	readonly time: number;
	/** Why. */
	readonly reason: NonNullable<RecordingMetadata["stop"]>["reason"];
}

/** What the pre-record ring holds and can hold; known before any trigger. */
export interface PreRecordStatus {
	/** Configured length, ms. */
	readonly configuredMs: number;
	/** What a trigger now would deliver of pictures, ms. */
	readonly heldMs: number;
	/** What a trigger now would deliver of sound, ms. */
	readonly soundMs: number;
	/** What the arena holds at the encoder's bit rate, ms; not above `configuredMs`. */
	readonly capacityMs: number;
	/** Bit rate of the encoder, bit/s; 0 while unknown. */
	readonly bitRate: number;
	/** Whether the bit rate was lowered so that the configured length fits. */
	readonly bitRateLowered: boolean;
}

/** The recorder's condition. */
export interface RecorderStatus {
	/** Capture. */
	readonly state: RecorderState;
	/** Number of the recording being written or finished. */
	readonly recording: number | undefined;
	/** The ring. */
	readonly preRecord: PreRecordStatus;
	/** Format of the pictures, once known. */
	readonly video: VideoFormat | undefined;
	/** Frames and packets lost since the recording began, or since arming. */
	readonly lost: { readonly frames: number; readonly packets: number };
}

/** Options of the recorder. Callbacks are never invoked inside a method. */
export interface RecorderOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Clock and timers. */
	readonly timers: Timers;
	/** The pre-record ring's bytes (board parameter). */
	readonly arena: MediaRegion;
	/** The ring's index; `INDEX_BYTES`. */
	readonly index: MediaRegion;
	/** Working memory; `RECORDER_WORK_BYTES`. */
	readonly work: MediaRegion;
	/** Opens the camera's driver with the recorder's callbacks; called once, by `createRecorder`. */
	openCamera(options: EncodedVideoInOptions): EncodedVideoIn;
	/** Opens the microphone's driver likewise; left out when there is none. */
	openMicrophone?(options: EncodedAudioInOptions): EncodedAudioIn;
	/** Where recordings go. */
	readonly store: ExtentStore;
	/** Seals recordings on their way there. */
	readonly file: SealedFile;
	/**
	 * How a recording is to be sealed, and what the record of custody says about it.
	 * @param opening - what is known when it begins
	 * @throws {StoreError} when it cannot be sealed now
	 */
	sealing(opening: RecordingMetadata): SealStart;
	/** Encodes metadata for the card (CBOR). @param header - of the custody record, for what a recording is opened with */
	encodeMetadata(metadata: RecordingMetadata, header?: RecordEnd): Uint8Array;
	/** A recording is open on the card. `opening` is the metadata it was opened with, `header` begins its record. */
	onRecording?(number: number, opening: RecordingMetadata, header: RecordEnd): void;
	/** Everything from before the trigger is on the card; `drainMs` since the trigger. */
	onDrained?(number: number, drainMs: number): void;
	/** The card is behind: were the power to fail, this moment is to be assumed, ms on the board's clock. */
	onBehind?(number: number, untilMs: number): void;
	/**
	 * The recording is closed and safe, and the next one has not begun. Called from within an event of the card: it must
	 * not call the recorder.
	 */
	onSealed?(metadata: RecordingMetadata): void;
	/** The recording is closed and safe. */
	onClosed?(number: number, metadata: RecordingMetadata): void;
	/** Capture state changed. */
	onState?(state: RecorderState): void;
	/** What a trigger would deliver changed for good: known format, lowered bit rate. */
	onCapacity?(status: PreRecordStatus): void;
	/** A pause is over: nothing captured after `from` and before `to`, µs on the board's clock, is in the recording. */
	onResumed?(from: number, to: number): void;
	/** A sound packet was captured, kept or not. Called for each: must not allocate. See `EncodedAudioInOptions`. */
	onLevel?(level: number, capture: number): void;
	/** Frames or packets were lost: totals of this recording. */
	onLost?(frames: number, packets: number): void;
	/**
	 * Something failed. After a fault of the card, an open recording is closed with what is safe on it; after one of
	 * the camera it goes on with sound until it is stopped.
	 */
	onFault?(fault: RecorderFault): void;
}

/** Captures picture and sound: pre-record ring, muxing, storing. */
export interface Recorder {
	/** Condition. */
	status(): RecorderStatus;
	/** Starts camera and microphone and keeps the last seconds. In `recording` and `finishing` it takes effect afterwards. */
	arm(options: ArmOptions): void;
	/** Stops camera and microphone and overwrites the ring. In `recording` and `finishing` it takes effect afterwards. */
	disarm(): void;
	/**
	 * Starts a recording: the ring from the cutoff on, then live. While `finishing` it starts right after, and
	 * nothing that was captured in between is lost. From `off` it starts the camera with what `arm` last said.
	 * @returns false when one is being recorded already
	 * @throws {StoreError} when the card cannot be written; nothing is changed
	 */
	begin(options: BeginOptions): boolean;
	/** Ends it. @returns false when nothing is being recorded */
	stop(options: StopOptions): boolean;
	/**
	 * Leaves out what is captured from `time` on, µs on the board's clock; what was captured before stays.
	 * @returns false when nothing is being recorded
	 */
	pause(time: number): boolean;
	/** Goes on with the first keyframe from `time` on. @returns false when it is not paused */
	resume(time: number): boolean;
	/** Leaves out the sound from `time` on, or takes it in again. @returns false when nothing is being recorded */
	mute(time: number, muted: boolean): boolean;
	/** Adds what the owner learnt while it was recorded, e.g. the announcement. */
	annotate(part: Annotation): void;
	/** Overwrites the ring, closes camera and microphone. Idempotent. */
	close(): void;
}
