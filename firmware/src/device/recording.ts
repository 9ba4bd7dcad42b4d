import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import { BoardCamera } from "../board/camera.ts";
import { BoardCard } from "../board/card.ts";
import { BoardMicrophone } from "../board/microphone.ts";
import { createRecorder } from "../recorder/recorder.ts";
import type { Recorder, RecorderFault } from "../recorder/recorder-interface.ts";
import { createExtentStore } from "../storage/extent-store.ts";
import type { ExtentStore, LogArea, StoreStatus } from "../storage/store-interface.ts";
import type { Evidence } from "./evidence.ts";
import type { Hardware } from "./hardware.ts";
import { readClosed, tellRecovered } from "./interrupted.ts";

/** Bit rate of the sound, bit/s. */
const SOUND_BIT_RATE = 24_000;

/** Bytes that name a freshly formatted card. */
const CARD_IDENTITY_BYTES = 16;

/** What happens while recording, for those who act on it. */
export interface RecordingListener {
	/** Makes recordings evidence. */
	readonly evidence: Evidence;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** The recorder knows what the ring holds. */
	onCapacity(): void;
	/** A recording is closed and safe. */
	onClosed(number: number, metadata: RecordingMetadata): void;
	/** A pause is over: nothing captured in between is in the recording. Times in µs. */
	onResumed(from: number, to: number): void;
	/** A sound packet was captured; must not allocate. @param level - of 32768 @param capture - µs */
	readonly onLevel: (level: number, capture: number) => void;
	/** A recording that had been cut off is closed. */
	onInterrupted(number: number, durationMs: number): void;
	/** A recording on the card cannot be read. */
	onDamaged(number: number): void;
	/** The recorder failed; a recording that was open has ended. */
	onFault(fault: RecorderFault): void;
	/** The card's condition may have changed. */
	onCard(status: StoreStatus): void;
	/** The event log of a card may be used; undefined: not any more. */
	onLogArea(area: LogArea | undefined): void;
}

/** Opens card, store, camera, microphone and recorder, and tells the event stream what they do. */
export function openRecording(
	hardware: Hardware,
	listener: RecordingListener,
): { readonly store: ExtentStore; readonly recorder: Recorder } {
	const { board, map, timers, random } = hardware;
	const { emit, evidence } = listener;
	const memory = board.native;
	const store = createExtentStore({
		memory,
		timers,
		staging: map.staging,
		catalog: map.catalog,
		work: map.storeWork,
		openCard: (options) => new BoardCard({ ...options, board }),
		createIdentity: () => random.bytes(CARD_IDENTITY_BYTES),
		newestNumber: () => evidence.chain.number,
		describeInterrupted: evidence.describeInterrupted,
		onStatus: (status) => {
			if (status.state === "ready" && !status.recovering) readClosed(store, status, evidence);
			if (status.state === "ready") evidence.cardReady();
			listener.onCard(status);
		},
		onRecovered: (number) => {
			tellRecovered(store, number, emit, (metadata, durationMs) => {
				evidence.closed(metadata);
				listener.onInterrupted(number, durationMs);
			});
			listener.onCard(store.status());
		},
		onDamaged: (number) => listener.onDamaged(number),
		onLogArea: (area) => listener.onLogArea(area),
	});
	evidence.keptIn(store);
	let opening: RecordingMetadata | undefined;
	const recorder = createRecorder({
		memory,
		timers,
		arena: map.arena,
		index: map.ringIndex,
		work: map.recorderWork,
		store,
		openCamera: (options) => new BoardCamera({ ...options, board, buffer: map.camera }),
		openMicrophone: (options) => {
			return new BoardMicrophone({ ...options, board, buffer: map.microphone, bitRate: SOUND_BIT_RATE });
		},
		file: evidence.file,
		sealing: (metadata) => evidence.sealing(metadata, store),
		encodeMetadata: evidence.encodeMetadata,
		onRecording: (recording, metadata, { hash }) => {
			opening = metadata;
			evidence.chain.opened(recording, hash);
			emit({ type: "recording-started", recording });
		},
		onDrained: (recording, drainMs) => {
			if (opening === undefined) return;
			const { deliveredMs, audioMs, reason } = opening.preRecord;
			emit({ type: "recording-drained", recording, drainMs, deliveredMs, audioMs, reason });
		},
		onBehind: (recording, untilMs) => evidence.chain.runsUntil(recording, untilMs),
		onSealed: (metadata) => evidence.closed(metadata),
		onClosed: (number, metadata) => {
			evidence.cardReady();
			listener.onClosed(number, metadata);
		},
		onCapacity: () => listener.onCapacity(),
		onResumed: (from, to) => listener.onResumed(from, to),
		onLevel: listener.onLevel,
		onLost: (frames, packets) => {
			const { recording } = recorder.status();
			emit({ type: "frames-lost", frames, packets, recording });
		},
		onFault: (fault) => listener.onFault(fault),
	});
	return { store, recorder };
}
