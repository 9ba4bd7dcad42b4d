/** Format of encoded sound. */
export interface AudioFormat {
	/** Always Opus (RFC 6716). */
	readonly codec: "opus";
	/** Sample rate of the input in Hz. */
	readonly sampleRate: number;
	/** Channels. */
	readonly channels: number;
	/** Pre-skip in 48 kHz samples (RFC 7845 section 4.2). */
	readonly preSkip: number;
	/** Duration of a packet, µs. */
	readonly packetTime: number;
}

/** Options of an encoded audio input. Callbacks are never invoked inside a method. */
export interface EncodedAudioInOptions {
	/** The format is known, before the first packet. */
	onFormat(format: AudioFormat): void;
	/**
	 * One packet; nothing is allocated for it.
	 * @param at - offset in media memory; valid until `release`
	 * @param length - bytes
	 * @param capture - time of its first sample on the board's clock, µs
	 * @param level - root mean square of its samples before they were encoded, of 32768
	 */
	onPacket(at: number, length: number, capture: number, level: number): void;
	/** Packets were lost because they were not released in time. */
	onOverrun(lost: number): void;
}

/** A microphone with an encoder, in the pattern of ECMA-419 AudioIn. */
export interface EncodedAudioIn {
	/** Starts. */
	start(): void;
	/** Stops. */
	stop(): void;
	/** Gives a packet's memory back, in order of arrival. */
	release(at: number, length: number): void;
	/** Idempotent; nothing is called afterwards. */
	close(): void;
}
