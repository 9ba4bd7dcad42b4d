import type { EncodedVideoFormat, Scene, VideoSource, VideoStream } from "./video-source.ts";

/** The access units of a clip in decode order, with their times from the beginning of a round, whole µs. */
export interface ClipUnits {
	/** Bytes of each unit, AVCC with 4-byte lengths. */
	readonly data: readonly Uint8Array[];
	/** Presentation times. */
	readonly presentation: Float64Array;
	/** Decode times; never after the presentation time. The first is 0 or negative. */
	readonly decode: Float64Array;
	/** 1 where decoding can start. */
	readonly keyframe: Uint8Array;
	/** Time between the decode time of a unit and its arrival: what the encoder holds back to reorder. */
	readonly delay: number;
	/** Length of a round. */
	readonly period: number;
}

/** An H.264 clip that is played round and round; times go on from round to round without a gap. */
export class Clip implements VideoSource {
	readonly period: number;
	readonly #units: ClipUnits;
	readonly #format: EncodedVideoFormat;

	/** @param format - of the stream; a file can neither make keyframes nor change its bit rate */
	constructor(
		units: ClipUnits,
		format: Omit<EncodedVideoFormat, "keyframesOnRequest" | "bitRateAdjustable">,
	) {
		this.#units = units;
		this.#format = { ...format, keyframesOnRequest: false, bitRateAdjustable: false };
		this.period = units.period;
	}

	/** The stream's format. */
	get format(): EncodedVideoFormat {
		return this.#format;
	}

	/** The access units of a round. */
	get units(): ClipUnits {
		return this.#units;
	}

	open(scene: Scene): VideoStream {
		return new ClipStream(this.#units, this.#format, scene);
	}
}

class ClipStream implements VideoStream {
	readonly format: EncodedVideoFormat;
	presentation = 0;
	decode = 0;
	arrival = 0;
	keyframe = false;
	unit: Uint8Array;
	readonly #units: ClipUnits;
	readonly #scene: Scene;
	#index = 0;
	#roundStart = 0;

	constructor(units: ClipUnits, format: EncodedVideoFormat, scene: Scene) {
		this.#units = units;
		this.#scene = scene;
		this.format = format;
		this.unit = units.data[0] ?? new Uint8Array();
	}

	/**
	 * The first time the scene begins at its beginning. Later the picture goes on near where the scene is by now:
	 * at the last keyframe before, because a file has none in between; the scene is set back by that much.
	 */
	start(now: number): void {
		const { presentation, keyframe, period } = this.#units;
		const epoch = this.#scene.epoch ?? now;
		const position = (((now - epoch) % period) + period) % period;
		let start = 0;
		for (let index = 0; index < presentation.length; index++) {
			if (keyframe[index] === 1 && (presentation[index] ?? 0) <= position) start = index;
		}
		this.#index = start;
		this.#roundStart = now - (presentation[start] ?? 0);
		this.#scene.epoch = this.#roundStart;
		this.#load();
	}

	advance(): void {
		this.#index += 1;
		if (this.#index === this.#units.data.length) {
			this.#index = 0;
			this.#roundStart += this.#units.period;
		}
		this.#load();
	}

	requestKeyframe(): void {}

	setBitRate(): void {}

	#load(): void {
		const units = this.#units;
		const index = this.#index;
		this.presentation = this.#roundStart + (units.presentation[index] ?? 0);
		this.decode = this.#roundStart + (units.decode[index] ?? 0);
		this.arrival = this.decode + units.delay;
		this.keyframe = units.keyframe[index] === 1;
		this.unit = units.data[index] ?? this.unit;
	}
}
