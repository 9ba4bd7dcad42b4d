import type { RandomStream } from "../world/random.ts";
import type { EncodedVideoFormat, Scene, VideoSource, VideoStream } from "./video-source.ts";

/** Options of a `Pattern`. */
export interface PatternOptions {
	/** Picture width in pixels. */
	readonly width: number;
	/** Picture height in pixels. */
	readonly height: number;
	/** Frames per second. */
	readonly frameRate: number;
	/** Bit rate in bit/s. */
	readonly bitRate: number;
	/** Frames from keyframe to keyframe when none is asked for. */
	readonly groupLength: number;
	/** How much bigger a keyframe is than another frame; 4 by default. */
	readonly keyframeRatio?: number;
	/** Makes the bytes of the units. */
	readonly random: RandomStream;
}

/** A sequence and a picture parameter set, Main profile level 4.0; enough for a well-formed avcC. */
const CONFIGURATION = Uint8Array.from([
	1, 77, 64, 40, 255, 225, 0, 10, 103, 77, 64, 40, 236, 160, 60, 1, 19, 242, 1, 0, 4, 104, 238, 60, 128,
]);

const NAL_IDR = 0x65;
const NAL_NON_IDR = 0x41;

/**
 * A source that obeys like a hardware encoder: keyframes on request and a bit rate that can be set. Its units are
 * well-formed NAL units around random bytes: sizes and times are real, a picture is not.
 */
export class Pattern implements VideoSource {
	readonly period = undefined;
	readonly #options: PatternOptions;

	constructor(options: PatternOptions) {
		this.#options = options;
	}

	open(scene: Scene): VideoStream {
		return new PatternStream(this.#options, scene);
	}
}

class PatternStream implements VideoStream {
	presentation = 0;
	keyframe = true;
	unit = new Uint8Array();
	readonly #options: PatternOptions;
	readonly #scene: Scene;
	readonly #noise: Uint8Array;
	#bitRate: number;
	#start = 0;
	#frame = 0;
	#sinceKeyframe = 0;
	#requested = false;

	constructor(options: PatternOptions, scene: Scene) {
		this.#options = options;
		this.#scene = scene;
		this.#bitRate = options.bitRate;
		this.#noise = new Uint8Array(this.#bytes(true) * 2);
		options.random.fill(this.#noise);
	}

	get format(): EncodedVideoFormat {
		const { width, height, frameRate } = this.#options;
		return {
			configuration: CONFIGURATION,
			width,
			height,
			frameTime: Math.round(1e6 / frameRate),
			bitRate: this.#bitRate,
			keyframesOnRequest: true,
			bitRateAdjustable: true,
		};
	}

	get decode(): number {
		return this.presentation;
	}

	get arrival(): number {
		return this.presentation;
	}

	start(now: number): void {
		this.#start = now;
		this.#frame = 0;
		this.#requested = true;
		this.#scene.epoch ??= now;
		this.#load();
	}

	advance(): void {
		this.#frame += 1;
		this.#sinceKeyframe += 1;
		this.#load();
	}

	requestKeyframe(): void {
		this.#requested = true;
		this.#load();
	}

	setBitRate(bitRate: number): void {
		if (bitRate > 0) this.#bitRate = Math.min(bitRate, this.#options.bitRate);
	}

	#load(): void {
		this.presentation = this.#start + Math.round((this.#frame * 1e6) / this.#options.frameRate);
		this.keyframe = this.#requested || this.#sinceKeyframe >= this.#options.groupLength;
		if (this.keyframe) {
			this.#requested = false;
			this.#sinceKeyframe = 0;
		}
		const length = this.#bytes(this.keyframe);
		const from = (this.#frame * 31) % Math.max(1, this.#noise.length - length);
		this.unit = this.#noise.slice(from, from + length);
		new DataView(this.unit.buffer).setUint32(0, length - 4);
		this.unit[4] = this.keyframe ? NAL_IDR : NAL_NON_IDR;
	}

	#bytes(keyframe: boolean): number {
		const { frameRate, groupLength, keyframeRatio = 4 } = this.#options;
		const usual = (this.#bitRate * groupLength) / (8 * frameRate * (groupLength - 1 + keyframeRatio));
		return Math.max(16, Math.round(keyframe ? usual * keyframeRatio : usual));
	}
}
