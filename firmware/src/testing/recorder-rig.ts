import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import { verifyCustody } from "@bodycam/protocol/custody/verify";
import { nodeTrustCrypto } from "@bodycam/protocol/testing/node-crypto";
import { openAgeFile } from "@bodycam/protocol/testing/open-age-file";
import { createRecorder } from "../recorder/recorder.ts";
import {
	type BeginOptions,
	INDEX_BYTES,
	RECORDER_WORK_BYTES,
	type Recorder,
	type RecorderFault,
	type RecorderOptions,
	type RecorderState,
} from "../recorder/recorder-interface.ts";
import type { StoreStatus } from "../storage/store-interface.ts";
import {
	createFakeCamera,
	createFakeMicrophone,
	type FakeCamera,
	type FakeCameraOptions,
	type FakeMicrophone,
	type FakeMicrophoneOptions,
	type SourceFrame,
} from "./fake-capture.ts";
import type { FakeCardOptions } from "./fake-card.ts";
import { inspectMp4, type Mp4File } from "./mp4-inspection.ts";
import { bootStore, EXTRA_AT, type StoreRig } from "./store-rig.ts";
import { EVIDENCE_REGION, openTestSeal, TEST_CAMERA_KEY, TEST_IDENTITY, testSealing } from "./test-seal.ts";

const CAMERA_BYTES = 4 * 1024 * 1024;
const MICROPHONE_BYTES = 64 * 1024;

/** How a recorder is set up. */
export interface RecorderRigOptions {
	readonly arenaBytes?: number;
	readonly camera?: Partial<FakeCameraOptions>;
	/** `false`: there is none. */
	readonly microphone?: Partial<FakeMicrophoneOptions> | false;
	readonly card?: Partial<FakeCardOptions>;
	/** The card's condition may have changed. */
	readonly onStatus?: (status: StoreStatus) => void;
	/** Who else is told. */
	readonly hooks?: Pick<
		RecorderOptions,
		"onRecording" | "onClosed" | "onCapacity" | "onResumed" | "onLevel" | "onFault"
	>;
}

/** A recorder over fake camera, microphone and card, on virtual time. */
export interface RecorderRig extends StoreRig {
	readonly recorder: Recorder;
	readonly camera: FakeCamera;
	readonly microphone: FakeMicrophone | undefined;
	readonly arena: { readonly at: number; readonly bytes: number };
	readonly closed: RecordingMetadata[];
	readonly opened: RecordingMetadata[];
	readonly drained: number[];
	readonly faults: RecorderFault[];
	readonly states: RecorderState[];
	/** Starts a recording now. */
	begin(): boolean;
	/** Stops it now and waits until it is closed. */
	stop(): Promise<void>;
	/** Lets seconds pass. */
	seconds(count: number): Promise<void>;
	/** The file of a recording, decrypted. */
	plain(number: number): Promise<Uint8Array>;
	/** The file of a recording, decrypted and walked. */
	file(number: number): Promise<Mp4File>;
	/** What its custody record is worth. */
	verify(number: number): Promise<CustodyReport>;
	/** Whether anything lies in the region for keys and records. */
	secrets(): boolean;
}

/** Bytes that name a frame. */
export function frameData(name: number, length: number): Uint8Array {
	const data = Uint8Array.from({ length }, (_, i) => 1 + ((name * 37 + i * 11) % 255));
	new DataView(data.buffer).setUint32(0, 0x0100_0000 + name);
	return data;
}

/** The name in a frame's bytes. */
export function frameName(data: Uint8Array): number {
	return new DataView(data.buffer, data.byteOffset).getUint32(0) - 0x0100_0000;
}

/** A source of `rate` frames a second whose groups have `group` frames, of `length` bytes each. */
export function steadySource(rate = 25, group = 20, length = 2000): FakeCameraOptions["frame"] {
	let sinceKey = 0;
	return (index, asked) => {
		const keyframe = index === 0 || sinceKey >= group || asked;
		sinceKey = keyframe ? 1 : sinceKey + 1;
		const time = Math.round((index * 1_000_000) / rate);
		const frame: SourceFrame = {
			data: frameData(index, keyframe ? length * 3 : length),
			keyframe,
			presentation: time,
			decode: time,
		};
		return frame;
	};
}

/** What the rig's recordings say of their owner. */
export const BASE: BeginOptions["base"] = { device: "d", build: "b", engine: "e", seeded: true };

/** Boots a recorder with a mounted card. */
export async function bootRecorder(options: RecorderRigOptions = {}): Promise<RecorderRig> {
	const arenaBytes = options.arenaBytes ?? 4 * 1024 * 1024;
	const extra =
		CAMERA_BYTES + MICROPHONE_BYTES + INDEX_BYTES + RECORDER_WORK_BYTES + arenaBytes + EVIDENCE_REGION;
	const store = bootStore({
		sectors: 24 * 2048,
		...options.card,
		extra,
		onStatus: (status) => options.onStatus?.(status),
	});
	await store.settle();
	const { memory, timers } = store;
	const cameraAt = EXTRA_AT;
	const microphoneAt = cameraAt + CAMERA_BYTES;
	const indexAt = microphoneAt + MICROPHONE_BYTES;
	const workAt = indexAt + INDEX_BYTES;
	const arena = { at: workAt + RECORDER_WORK_BYTES, bytes: arenaBytes };
	const camera = createFakeCamera(memory, timers, cameraAt, {
		frame: options.camera?.frame ?? steadySource(),
		format: options.camera?.format ?? {},
		...(options.camera?.latency === undefined ? {} : { latency: options.camera.latency }),
	});
	const microphone =
		options.microphone === false
			? undefined
			: createFakeMicrophone(memory, timers, microphoneAt, {
					packet: (index) => frameData(index, 60),
					...options.microphone,
				});
	const file = openTestSeal(memory, timers, arena.at + arenaBytes);
	const sealing = testSealing(memory);
	let before: Uint8Array | undefined; // final hash of the last recording
	const opened: RecordingMetadata[] = [];
	const closed: RecordingMetadata[] = [];
	const drained: number[] = [];
	const faults: RecorderFault[] = [];
	const states: RecorderState[] = [];
	const recorder = createRecorder({
		memory,
		timers,
		arena,
		index: { at: indexAt, bytes: INDEX_BYTES },
		work: { at: workAt, bytes: RECORDER_WORK_BYTES },
		store: store.store,
		file,
		sealing: (opening) => {
			const start = sealing(opening);
			return { ...start, before: before ?? start.before };
		},
		onSealed: ({ finalHash }) => {
			before = finalHash;
		},
		openCamera: (given) => camera.open(given),
		...(microphone ? { openMicrophone: (given) => microphone.open(given) } : {}),
		encodeMetadata: (metadata) =>
			new TextEncoder().encode(
				JSON.stringify(metadata, (_key, value) => (value instanceof Uint8Array ? [...value] : value)),
			),
		onRecording: (number, opening, header) => {
			opened.push(opening);
			options.hooks?.onRecording?.(number, opening, header);
		},
		onClosed: (number, metadata) => {
			closed.push(metadata);
			options.hooks?.onClosed?.(number, metadata);
		},
		onDrained: (_number, ms) => drained.push(ms),
		onFault: (fault) => {
			faults.push(fault);
			options.hooks?.onFault?.(fault);
		},
		onCapacity: (status) => options.hooks?.onCapacity?.(status),
		onResumed: (from, to) => options.hooks?.onResumed?.(from, to),
		onLevel: (level, capture) => options.hooks?.onLevel?.(level, capture),
		onState: (state) => states.push(state),
	});
	const rig: RecorderRig = {
		...store,
		recorder,
		camera,
		microphone,
		arena,
		opened,
		closed,
		drained,
		faults,
		states,
		begin: () => recorder.begin({ triggerTime: timers.now(), source: "button", base: BASE }),
		async stop() {
			const before = closed.length;
			recorder.stop({ time: timers.now(), reason: "button" });
			for (let i = 0; i < 200 && closed.length === before; i++) await timers.advance(50_000);
		},
		seconds: (count) => timers.advance(count * 1_000_000),
		async plain(number) {
			return openAgeFile(await store.read(number), TEST_IDENTITY).plaintext;
		},
		async verify(number) {
			const age = await store.read(number);
			const digest = (offset: number, bytes: number) =>
				nodeTrustCrypto.sha256(age.subarray(offset, offset + bytes));
			const record = new Uint8Array(await store.readRecord(number));
			return verifyCustody(
				record,
				{ bytes: age.length, digest },
				{ crypto: nodeTrustCrypto, key: TEST_CAMERA_KEY },
			);
		},
		secrets: () =>
			memory.bytes
				.subarray(arena.at + arenaBytes, arena.at + arenaBytes + EVIDENCE_REGION)
				.some((byte) => byte !== 0),
		async file(number) {
			return inspectMp4(await rig.plain(number));
		},
	};
	return rig;
}
