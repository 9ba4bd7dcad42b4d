import type { AnnouncementRule } from "@bodycam/protocol/policy/document";
import type { AnnouncementLanguage } from "@bodycam/protocol/policy/languages";
import { StateMachine } from "../state/table.ts";
import { type AnnouncementState, announcementTable } from "./table.ts";
import type { Prompt, Voice } from "./voice.ts";

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

/** Options of the announcer. */
export interface AnnouncerOptions {
	/** Time on the board's clock, µs. */
	readonly now: () => number;
	/** What it speaks with. */
	readonly voice: Pick<Voice, "say" | "silence">;
	/** The prompts by language. A language of the rule without a prompt is left out. */
	readonly prompts: ReadonlyMap<string, Prompt>;
	/** How to announce, now. */
	readonly rule: () => AnnouncementRule;
	/** It ended, complete or not. Called from the voice's callback, and from `trigger` and `breakOff`. */
	readonly onEnded: (announcement: SpokenAnnouncement) => void;
}

/** Speaks the announcement of a recording, one language after the other, and measures when. */
export class Announcer {
	private readonly options: AnnouncerOptions;
	private readonly machine = new StateMachine(announcementTable);
	/** The languages of the announcement under way, in this order. */
	private speaking: readonly AnnouncementLanguage[] = [];
	private recording = 0;
	private startedAt = 0;
	private spoken = 0;

	/** @param options - see `AnnouncerOptions` */
	constructor(options: AnnouncerOptions) {
		this.options = options;
	}

	/** The languages it speaks, in this order. */
	get languages(): readonly AnnouncementLanguage[] {
		const { rule, prompts } = this.options;
		const { spoken, languages } = rule();
		return spoken ? languages.filter((language) => prompts.has(language)) : [];
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
		const { languages } = this;
		if (languages.length === 0) return false;
		this.breakOff();
		this.speaking = languages;
		this.recording = recording;
		this.startedAt = this.options.now();
		this.spoken = 0;
		this.machine.handle("trigger");
		this.speak();
		return true;
	}

	/** Breaks off, because the recording has ended. */
	breakOff(): void {
		if (this.machine.handle("broken-off") === undefined) return;
		this.options.voice.silence();
		this.end();
	}

	private speak(): void {
		const language = this.speaking[this.spoken] ?? "";
		const prompt = this.options.prompts.get(language);
		if (prompt === undefined) this.breakOff();
		else this.options.voice.say(prompt, (complete) => this.promptEnded(complete));
	}

	private promptEnded(complete: boolean): void {
		if (!complete) {
			this.breakOff();
			return;
		}
		this.spoken++;
		const input = this.spoken < this.speaking.length ? "next-language" : "spoken";
		if (this.machine.handle(input)?.action === "speak") this.speak();
		else this.end();
	}

	private end(): void {
		this.options.onEnded({
			recording: this.recording,
			start: this.startedAt,
			end: this.options.now(),
			languages: this.speaking.slice(0, this.spoken),
			complete: this.spoken === this.speaking.length,
		});
	}
}
