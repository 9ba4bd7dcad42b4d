import { Status } from "@bodycam/protocol/board/records";
import type { MediaRegion } from "../hal/media-memory.ts";
import type { Speaker, SpeakerOptions } from "../hal/speaker.ts";
import type { Timer, Timers } from "../hal/timers.ts";
import type { AnnouncementLanguage, AnnouncementRule } from "../policy/policy.ts";
import { StateMachine } from "../state/table.ts";
import { type AnnouncementState, announcementTable } from "./table.ts";

/** A spoken announcement as it was made. */
export interface SpokenAnnouncement {
	/** Number of the recording it belongs to. */
	readonly recording: number;
	/** When the first prompt was given to the speaker, µs on the board's clock. */
	readonly start: number;
	/** When the last one ended, µs. */
	readonly end: number;
	/** The languages spoken to their end, in that order. */
	readonly languages: readonly AnnouncementLanguage[];
	/** Whether that is all of them. */
	readonly complete: boolean;
}

/** A spoken prompt in media memory. */
export interface Prompt extends MediaRegion {
	/** Time it takes, µs. */
	readonly duration: number;
}

/** Options of the announcer. Callbacks run from the speaker's and the timer's callbacks, and from `breakOff`. */
export interface AnnouncerOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** The prompts by language. A language of the rule without a prompt is left out. */
	readonly prompts: ReadonlyMap<AnnouncementLanguage, Prompt>;
	/** How to announce. */
	readonly rule: AnnouncementRule;
	/** Opens the speaker's driver with the announcer's callback. */
	openSpeaker(options: SpeakerOptions): Speaker;
	/** It ended, complete or not. */
	onEnded(announcement: SpokenAnnouncement): void;
}

/** How much longer than its prompt the speaker may take before it counts as failed, µs. */
const SPEAKER_PATIENCE = 2_000_000;

/** Speaks the announcement of a recording, one language after the other, and measures when. */
export class Announcer {
	/** The languages it speaks, in this order. */
	readonly languages: readonly AnnouncementLanguage[];
	private readonly options: AnnouncerOptions;
	private readonly speaker: Speaker;
	private readonly machine = new StateMachine(announcementTable);
	private readonly patience: Timer;
	private recording = 0;
	private startedAt = 0;
	private spoken = 0;
	private tag = 0;

	/** @param options - see `AnnouncerOptions` */
	constructor(options: AnnouncerOptions) {
		this.options = options;
		const { rule, prompts } = options;
		this.languages = rule.spoken ? rule.languages.filter((language) => prompts.has(language)) : [];
		this.speaker = options.openSpeaker({ onDone: (tag, status) => this.promptEnded(tag, status) });
		this.patience = options.timers.create(() => this.breakOff());
	}

	/** Whether it speaks. */
	get state(): AnnouncementState {
		return this.machine.state;
	}

	/**
	 * Starts the announcement of a recording; one being spoken is broken off.
	 * @returns whether something is spoken
	 */
	trigger(recording: number): boolean {
		if (this.languages.length === 0 || this.options.rule.when !== "trigger") return false;
		this.breakOff();
		this.recording = recording;
		this.startedAt = this.options.timers.now();
		this.spoken = 0;
		this.machine.handle("trigger");
		this.speak();
		return true;
	}

	/** Breaks off: the recording has ended, or the speaker does not answer. */
	breakOff(): void {
		if (this.machine.handle("broken-off") === undefined) return;
		this.speaker.stop();
		this.end();
	}

	private speak(): void {
		const language = this.languages[this.spoken];
		const prompt = language === undefined ? undefined : this.options.prompts.get(language);
		if (prompt === undefined) {
			this.breakOff();
			return;
		}
		this.tag = (this.tag + 1) >>> 0;
		this.patience.start(prompt.duration + SPEAKER_PATIENCE);
		this.speaker.play(prompt.at, prompt.bytes, this.options.rule.volume, this.tag);
	}

	private promptEnded(tag: number, status: number): void {
		if (tag !== this.tag || this.machine.state !== "speaking") return;
		if (status !== Status.ok) {
			this.breakOff();
			return;
		}
		this.spoken++;
		const input = this.spoken < this.languages.length ? "next-language" : "spoken";
		if (this.machine.handle(input)?.action === "speak") this.speak();
		else this.end();
	}

	private end(): void {
		this.patience.stop();
		// A late answer to what was broken off must not count for the next announcement.
		this.tag = (this.tag + 1) >>> 0;
		this.options.onEnded({
			recording: this.recording,
			start: this.startedAt,
			end: this.options.timers.now(),
			languages: this.languages.slice(0, this.spoken),
			complete: this.spoken === this.languages.length,
		});
	}
}
