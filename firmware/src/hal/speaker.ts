/** Options of a speaker. Callbacks are never invoked inside a method. */
export interface SpeakerOptions {
	/**
	 * A prompt ended.
	 * @param tag - what `play` was given
	 * @param status - 0 when it was played to its end, else a `Status` of the board records
	 */
	onDone(tag: number, status: number): void;
}

/** Sound out, for prompts already encoded as Opus; in the pattern of ECMA-419 AudioOut. */
export interface Speaker {
	/**
	 * Plays a prompt from media memory; it must stay unchanged until `onDone`.
	 * @param at - offset of the prompt: u16 little-endian length and Opus packet of 20 ms, repeated
	 * @param length - bytes
	 * @param volume - percent, 0 to 100
	 */
	play(at: number, length: number, volume: number, tag: number): void;
	/** Silence; a prompt being played ends with status `canceled`. */
	stop(): void;
	/** Idempotent; nothing is called afterwards. */
	close(): void;
}
