/** What the encoder of a camera says about its stream. */
export interface EncodedVideoFormat {
	/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1). */
	readonly configuration: Uint8Array;
	/** Picture width in pixels. */
	readonly width: number;
	/** Picture height in pixels. */
	readonly height: number;
	/** Nominal time between frames, µs. */
	readonly frameTime: number;
	/** Bit rate in bit/s. */
	readonly bitRate: number;
	/** Whether a keyframe can be had on request. */
	readonly keyframesOnRequest: boolean;
	/** Whether the bit rate can be set. */
	readonly bitRateAdjustable: boolean;
}

/**
 * The stream of one camera: its next access unit, in decode order. The fields describe that unit until `advance`;
 * reading them allocates nothing. Times are board time, whole µs.
 */
export interface VideoStream {
	/** The format as it is now. */
	readonly format: EncodedVideoFormat;
	/** When the encoder hands the unit over; never before `presentation`. */
	readonly arrival: number;
	/** Capture time. */
	readonly presentation: number;
	/** Decode time; never after `presentation`. */
	readonly decode: number;
	/** Whether decoding can start here. */
	readonly keyframe: boolean;
	/** The unit's bytes, AVCC with 4-byte lengths; valid until `advance`. */
	readonly unit: Uint8Array;
	/** Begins, or begins again, with a keyframe captured at `now`. */
	start(now: number): void;
	/** Goes on to the next unit. */
	advance(): void;
	/** Makes the next unit a keyframe, where the encoder can. */
	requestKeyframe(): void;
	/** Sets the bit rate in bit/s, where the encoder can; 0 is the encoder's own choice. */
	setBitRate(bitRate: number): void;
}

/** Where the scene is that the camera sees and the microphone hears; both follow it, so they stay together. */
export interface Scene {
	/** Board time of the scene's beginning, µs; undefined until something has started to record it. */
	epoch: number | undefined;
}

/** Something that a camera can be pointed at; shared by all cameras of a process. */
export interface VideoSource {
	/** Time after which the scene repeats, µs; undefined when it never does. */
	readonly period: number | undefined;
	/** A stream for one camera. */
	open(scene: Scene): VideoStream;
}
