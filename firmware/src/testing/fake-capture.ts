import type { AudioFormat, EncodedAudioIn, EncodedAudioInOptions } from "../hal/encoded-audio-in.ts";
import type { EncodedVideoIn, EncodedVideoInOptions, VideoFormat } from "../hal/encoded-video-in.ts";
import type { NodeMediaMemory } from "./node-media-memory.ts";
import type { VirtualTimers } from "./virtual-timers.ts";

/** A frame that a fake camera delivers. Times in µs. */
export interface SourceFrame {
	/** Its bytes, none of them zero. */
	readonly data: Uint8Array;
	/** Whether it is a keyframe. */
	readonly keyframe: boolean;
	/** Presentation time after the source's start. */
	readonly presentation: number;
	/** Decode time after the source's start. */
	readonly decode: number;
}

/** What a fake camera is like. */
export interface FakeCameraOptions {
	/** Frame `index` of the stream; `keyframe` is true when one was asked for. Undefined: the stream ends. */
	frame(index: number, keyframe: boolean): SourceFrame | undefined;
	/** Its format. */
	readonly format: Partial<VideoFormat>;
	/** Time from decode time to delivery, µs. */
	readonly latency?: number;
}

/** A frame as it was delivered, with times on the board's clock. */
export interface Delivered {
	readonly index: number;
	readonly keyframe: boolean;
	readonly presentation: number;
	readonly decode: number;
	readonly data: Uint8Array;
}

/** A camera on virtual time. */
export interface FakeCamera {
	/** For `openCamera`. */
	open(options: EncodedVideoInOptions): EncodedVideoIn;
	/** What was delivered so far. */
	readonly delivered: Delivered[];
	/** Bit rates that were configured. */
	readonly configured: number[];
	/** Requests for keyframes so far. */
	readonly requests: number;
	/** Frames given but not released. */
	readonly leased: number;
	/** Changes the format from now on. */
	change(format: Partial<VideoFormat>): void;
	/** Says that frames were lost. */
	overrun(lost: number): void;
	/** The encoder fails and delivers no more. */
	fail(code: number): void;
}

/** An AVCDecoderConfigurationRecord that is none. */
export const CONFIGURATION = Uint8Array.of(1, 0x42, 0xc0, 0x1e, 0xff, 0xe1, 0, 1, 0x67, 1, 0, 1, 0x68);

/** Makes a camera whose DMA buffer lies at `at`. */
export function createFakeCamera(
	memory: NodeMediaMemory,
	timers: VirtualTimers,
	at: number,
	options: FakeCameraOptions,
): FakeCamera {
	const delivered: Delivered[] = [];
	const configured: number[] = [];
	let format: VideoFormat = {
		codec: "h264",
		configuration: CONFIGURATION,
		width: 640,
		height: 360,
		frameTime: 40_000,
		bitRate: 500_000,
		keyframesOnRequest: false,
		bitRateAdjustable: false,
		...options.format,
	};
	let callbacks: EncodedVideoInOptions | undefined;
	let generation = 0;
	let running = false;
	let index = 0;
	let origin = 0;
	let asked = false;
	let requests = 0;
	let leased = 0;

	function schedule(mine: number): void {
		const frame = options.frame(index, asked && format.keyframesOnRequest);
		if (!frame) return;
		asked = false;
		const time = origin + frame.decode + (options.latency ?? 30_000);
		timers.at(time, () => {
			if (mine !== generation || !running) return;
			const presentation = origin + frame.presentation;
			const decode = origin + frame.decode;
			memory.bytes.set(frame.data, at);
			delivered.push({ index, keyframe: frame.keyframe, presentation, decode, data: frame.data });
			leased++;
			callbacks?.onFrame(at, frame.data.length, frame.keyframe, presentation, decode);
			index++;
			schedule(mine);
		});
	}

	const tellFormat = () => timers.at(timers.now(), () => callbacks?.onFormat(format));

	return {
		delivered,
		configured,
		get requests() {
			return requests;
		},
		get leased() {
			return leased;
		},
		open(given) {
			callbacks = given;
			return {
				configure({ bitRate }) {
					configured.push(bitRate);
					if (format.bitRateAdjustable && bitRate > 0) format = { ...format, bitRate };
					tellFormat();
				},
				start() {
					running = true;
					generation++;
					index = 0;
					origin = timers.now();
					schedule(generation);
				},
				stop() {
					running = false;
				},
				requestKeyframe() {
					requests++;
					asked = true;
				},
				release() {
					leased--;
				},
				close() {
					running = false;
					callbacks = undefined;
				},
			};
		},
		change(next) {
			format = { ...format, ...next };
			tellFormat();
		},
		overrun: (lost) => callbacks?.onOverrun(lost),
		fail(code) {
			running = false;
			callbacks?.onFault(code);
		},
	};
}

/** What a fake microphone is like. */
export interface FakeMicrophoneOptions {
	/** Bytes of packet `index`. */
	packet(index: number): Uint8Array;
	/** Level of what it hears at a time, of 32768; silence without it. */
	level?(capture: number): number;
	/** Its format. */
	readonly format?: Partial<AudioFormat>;
	/** Its clock against the board's: 1.0001 is 100 ppm slow. */
	readonly stretch?: number;
}

/** A microphone on virtual time. */
export interface FakeMicrophone {
	/** For `openMicrophone`. */
	open(options: EncodedAudioInOptions): EncodedAudioIn;
	/** What was delivered so far; capture times on the board's clock. */
	readonly delivered: { readonly capture: number; readonly data: Uint8Array }[];
	/** How often it was started. */
	readonly starts: number;
	/** Whether it runs. */
	readonly running: boolean;
	/** Delivers nothing for that time, µs. */
	skip(time: number): void;
}

/** Makes a microphone whose DMA buffer lies at `at`. */
export function createFakeMicrophone(
	memory: NodeMediaMemory,
	timers: VirtualTimers,
	at: number,
	options: FakeMicrophoneOptions,
): FakeMicrophone {
	const format: AudioFormat = {
		codec: "opus",
		sampleRate: 16_000,
		channels: 1,
		preSkip: 312,
		packetTime: 40_000,
		...options.format,
	};
	const delivered: { capture: number; data: Uint8Array }[] = [];
	let callbacks: EncodedAudioInOptions | undefined;
	let running = false;
	let generation = 0;
	let starts = 0;
	let index = 0;
	let origin = 0;
	let silentUntil = 0;

	function schedule(mine: number): void {
		const step = format.packetTime * (options.stretch ?? 1);
		timers.at(origin + Math.round((index + 1) * step), () => {
			if (mine !== generation || !running) return;
			const data = options.packet(index);
			const capture = origin + Math.round(index * step);
			index++;
			if (timers.now() >= silentUntil) {
				memory.bytes.set(data, at);
				delivered.push({ capture, data });
				callbacks?.onPacket(at, data.length, capture, options.level?.(capture) ?? 0);
			}
			schedule(mine);
		});
	}

	return {
		delivered,
		get starts() {
			return starts;
		},
		get running() {
			return running;
		},
		skip(time) {
			silentUntil = timers.now() + time;
		},
		open(given) {
			callbacks = given;
			return {
				start() {
					running = true;
					starts++;
					generation++;
					index = 0;
					origin = timers.now();
					timers.at(timers.now(), () => callbacks?.onFormat(format));
					schedule(generation);
				},
				stop() {
					running = false;
				},
				release() {},
				close() {
					running = false;
					callbacks = undefined;
				},
			};
		},
	};
}
