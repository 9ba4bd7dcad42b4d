import { Status } from "@bodycam/protocol/board/records";
import type { MediaRegion } from "../hal/media-memory.ts";
import type { Speaker, SpeakerOptions } from "../hal/speaker.ts";
import type { Timer, Timers } from "../hal/timers.ts";

/** A sound in media memory. */
export interface Prompt extends MediaRegion {
	/** Time it takes, µs. */
	readonly duration: number;
}

/** Options of `Voice`. */
export interface VoiceOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** Opens the speaker's driver with the voice's callback. */
	openSpeaker(options: SpeakerOptions): Speaker;
}

/** How much longer than its prompt the speaker may take before it counts as failed, µs. */
const PATIENCE = 2_000_000;

/** Volume of cues, percent: they are for the wearer and have to be heard in a street. */
const CUE_VOLUME = 100;

/**
 * The camera's voice: one sound at a time. What is said comes first; a cue waits until nothing is said. A speaker
 * that does not answer in time counts as failed.
 */
export class Voice {
	private volume = CUE_VOLUME;
	private readonly speaker: Speaker;
	private readonly patience: Timer;
	private onEnded: ((complete: boolean) => void) | undefined;
	private cueWaiting: Prompt | undefined;
	private playing = false;
	private tag = 0;

	/** @param options - see `VoiceOptions` */
	constructor(options: VoiceOptions) {
		this.speaker = options.openSpeaker({
			onDone: (tag, status) => {
				if (tag === this.tag && this.playing) this.ended(status === Status.ok);
			},
		});
		this.patience = options.timers.create(() => {
			this.speaker.stop();
			this.ended(false);
		});
	}

	/**
	 * Says a prompt, at once; what is being played is cut off, without a word to who said it.
	 * @param volume - percent
	 * @param onEnded - called when it ended; `complete` is false when the speaker failed
	 */
	say(prompt: Prompt, volume: number, onEnded: (complete: boolean) => void): void {
		this.silence();
		this.volume = volume;
		this.onEnded = onEnded;
		this.play(prompt);
	}

	/** Plays a short sound as soon as nothing is said. Of several that wait the last one is played. */
	cue(prompt: Prompt): void {
		if (this.playing) {
			this.cueWaiting = prompt;
			return;
		}
		this.volume = CUE_VOLUME;
		this.play(prompt);
	}

	/** Silence; `onEnded` of what was being said is not called. */
	silence(): void {
		this.onEnded = undefined;
		this.patience.stop();
		if (!this.playing) return;
		this.playing = false;
		this.speaker.stop();
	}

	private play(prompt: Prompt): void {
		// A tag of its own, so that a late answer to what was cut off does not count for this one.
		this.tag = (this.tag + 1) >>> 0;
		this.playing = true;
		this.patience.start(prompt.duration + PATIENCE);
		this.speaker.play(prompt.at, prompt.bytes, this.volume, this.tag);
	}

	private ended(complete: boolean): void {
		const { onEnded } = this;
		this.playing = false;
		this.onEnded = undefined;
		this.patience.stop();
		onEnded?.(complete);
		const cue = this.cueWaiting;
		if (this.playing || cue === undefined) return;
		this.cueWaiting = undefined;
		this.volume = CUE_VOLUME;
		this.play(cue);
	}
}
