/** Format of encoded video. */
export interface VideoFormat {
	/** Always H.264, as length-prefixed NAL units (4-byte lengths, ISO/IEC 14496-15). */
	readonly codec: "h264";
	/** AVCDecoderConfigurationRecord, with the parameter sets; a copy owned by the receiver. */
	readonly configuration: Uint8Array;
	/** Picture width in pixels. */
	readonly width: number;
	/** Picture height in pixels. */
	readonly height: number;
	/** Nominal time between frames, µs. */
	readonly frameTime: number;
	/** Bit rate in bit/s. */
	readonly bitRate: number;
	/** Whether `requestKeyframe` is honoured. */
	readonly keyframesOnRequest: boolean;
	/** Whether `configure` can change the bit rate. */
	readonly bitRateAdjustable: boolean;
}

/** Options of an encoded video input. Callbacks are never invoked inside a method. */
export interface EncodedVideoInOptions {
	/** The format is known, or has changed; comes before the first frame of that format. */
	onFormat(format: VideoFormat): void;
	/**
	 * One access unit, in decode order. Nothing is allocated for it.
	 * @param at - offset in media memory; valid until `release`
	 * @param length - bytes
	 * @param keyframe - whether decoding can start here (IDR)
	 * @param presentation - capture time on the board's clock, µs
	 * @param decode - decode time, µs; never above `presentation`
	 */
	onFrame(at: number, length: number, keyframe: boolean, presentation: number, decode: number): void;
	/** Access units were lost because they were not released in time. */
	onOverrun(lost: number): void;
	/** The encoder failed. */
	onFault(code: number): void;
}

/** A camera with a hardware encoder, in the pattern of ECMA-419 ImageIn. */
export interface EncodedVideoIn {
	/** Sets the bit rate in bit/s; 0 leaves the source's own. Answered by `onFormat`. */
	configure(options: { bitRate: number }): void;
	/** Starts; the first frame is a keyframe. */
	start(): void;
	/** Stops; frames under way may still come. */
	stop(): void;
	/** Asks that the next frame be a keyframe. */
	requestKeyframe(): void;
	/** Gives a frame's memory back, in order of arrival. */
	release(at: number, length: number): void;
	/** Idempotent; nothing is called afterwards. */
	close(): void;
}
