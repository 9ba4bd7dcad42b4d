import type { AnnouncementWay, Heard } from "@bodycam/protocol/camera/capture-terms";
import type { AnnouncementLanguage } from "@bodycam/protocol/policy/languages";
import type { Timer, Timers } from "../hal/timers.ts";
import { DecisionMachine } from "../state/decision-table.ts";
import type { Hearing } from "./hearing.ts";
import { type PromptText, promptName, TONE_PROMPT } from "./prompt-names.ts";
import { type AnnouncementState, announcementTable } from "./table.ts";
import type { Prompt, Voice } from "./voice.ts";

/** How to announce, as the policy says. */
export interface AnnouncementWish {
	/** The languages in which it is spoken, in this order; none: it is not spoken. */
	readonly languages: readonly AnnouncementLanguage[];
	/** A tone comes first, or alone. */
	readonly tone: boolean;
	/** Volume, percent. */
	readonly volume: number;
	/** Said again this often, µs from one beginning to the next; 0: never. */
	readonly repeat: number;
	/** Ways of announcing besides the speaker that the camera takes. */
	readonly shown: readonly AnnouncementWay[];
}

/** What is announced. */
export interface Announced {
	/** Number of the recording; undefined: a warning. */
	readonly recording: number | undefined;
	/** What is said. */
	readonly text: PromptText;
}

/** An announcement that begins. */
export interface StartedAnnouncement extends Announced {
	/** The languages to be spoken. */
	readonly languages: readonly AnnouncementLanguage[];
	/** How people are told. */
	readonly by: readonly AnnouncementWay[];
	/** How often it was said before. */
	readonly repetition: number;
}

/** A spoken announcement as it was made. */
export interface SpokenAnnouncement extends Announced {
	/** When the first prompt was given to the speaker, µs on the board's clock. */
	readonly start: number;
	/** When the last one ended, µs. */
	readonly end: number;
	/** The languages spoken to their end, in that order. */
	readonly languages: readonly AnnouncementLanguage[];
	/** Whether that is all of them. */
	readonly complete: boolean;
	/** How often it was said before. */
	readonly repetition: number;
	/** What the microphone says. */
	readonly heard: Heard;
}

/** Options of the announcer. Callbacks come from the voice's callback, the timer, `announce` and `end`. */
export interface AnnouncerOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** What it speaks with. */
	readonly voice: Pick<Voice, "say" | "silence">;
	/** The prompts by name. */
	readonly prompts: () => ReadonlyMap<string, Prompt>;
	/** What listens whether it is heard. */
	readonly hearing: Pick<Hearing, "begin" | "end">;
	/** An announcement begins, spoken or only shown. */
	readonly onStarted: (announcement: StartedAnnouncement) => void;
	/** A spoken one has ended, complete or not. */
	readonly onEnded: (announcement: SpokenAnnouncement) => void;
	/** The speaker failed, or works again. */
	readonly onSpeaker: (fails: boolean) => void;
}

/** After a failure it is tried again at the latest after this time, µs. */
const RETRY = 15_000_000;

/** Announces: plays one prompt after the other, again at the policy's interval, and measures when and whether. */
export class Announcer {
	private readonly options: AnnouncerOptions;
	private readonly machine = new DecisionMachine(announcementTable);
	private readonly timer: Timer;
	private announced: Announced = { recording: undefined, text: "recording" };
	private wish: AnnouncementWish = { languages: [], tone: false, volume: 0, repeat: 0, shown: [] };
	/** Names of the prompts in their order; a language without a prompt is left out. */
	private queue: readonly string[] = [];
	private played = 0;
	private startedAt = 0;
	private repetition = 0;

	/** @param options - see `AnnouncerOptions` */
	constructor(options: AnnouncerOptions) {
		this.options = options;
		this.timer = options.timers.create(() => {
			if (this.machine.peek("interval") === undefined) return;
			this.repetition++;
			this.machine.handle("interval");
			this.begin();
		});
	}

	/** Whether it speaks. */
	get state(): AnnouncementState {
		return this.machine.state;
	}

	/** Whether it would be heard or seen at all. */
	static tells(wish: AnnouncementWish): boolean {
		return wish.languages.length > 0 || wish.tone || wish.shown.length > 0;
	}

	/** Announces; one being spoken is broken off. Said again for the same recording, it counts as a repetition. */
	announce(announced: Announced, wish: AnnouncementWish): void {
		const same = announced.recording !== undefined && announced.recording === this.announced.recording;
		this.repetition = same && this.announced.text === announced.text ? this.repetition + 1 : 0;
		if (this.machine.state === "speaking") this.breakOff();
		this.announced = announced;
		this.wish = wish;
		if (wish.languages.length === 0 && !wish.tone) {
			this.machine.handle("end");
			this.timer.stop();
			this.tell();
			return;
		}
		this.machine.handle("announce");
		this.begin();
	}

	/** Ends it, because what was announced is over or is not to be announced. */
	end(): void {
		this.timer.stop();
		const speaking = this.machine.state === "speaking";
		this.machine.handle("end");
		if (speaking) this.breakOff();
	}

	private begin(): void {
		const { prompts, timers, hearing } = this.options;
		const names = this.wish.languages.map((language) => promptName(language, this.announced.text));
		const wanted = this.wish.tone ? [TONE_PROMPT, ...names] : names;
		const known = prompts();
		this.queue = wanted.filter((name) => known.has(name));
		this.played = 0;
		this.startedAt = timers.now();
		hearing.begin(this.startedAt);
		this.tell();
		this.speak();
	}

	private tell(): void {
		const { languages, tone, shown } = this.wish;
		const by: AnnouncementWay[] = [];
		if (languages.length > 0) by.push("spoken");
		if (tone) by.push("tone");
		for (const way of shown) by.push(way);
		this.options.onStarted({ ...this.announced, languages, by, repetition: this.repetition });
	}

	private speak(): void {
		const prompt = this.options.prompts().get(this.queue[this.played] ?? "");
		if (prompt === undefined) this.fail();
		else this.options.voice.say(prompt, this.wish.volume, (complete) => this.promptEnded(complete));
	}

	private promptEnded(complete: boolean): void {
		if (!complete) {
			this.fail();
			return;
		}
		this.played++;
		if (this.played < this.queue.length) {
			this.machine.handle("next-language");
			this.speak();
			return;
		}
		const { repeat } = this.wish;
		this.machine.handle(repeat > 0 ? "spoken-repeats" : "spoken");
		if (repeat > 0) this.timer.startAt(Math.max(this.startedAt + repeat, this.options.timers.now()));
		this.options.onSpeaker(false);
		this.report();
	}

	private fail(): void {
		const { repeat } = this.wish;
		this.machine.handle("failed");
		this.timer.start(repeat > 0 ? Math.min(repeat, RETRY) : RETRY);
		this.options.onSpeaker(true);
		this.report();
	}

	private breakOff(): void {
		this.options.voice.silence();
		this.report();
	}

	private report(): void {
		const { hearing, timers, onEnded } = this.options;
		const { languages, volume } = this.wish;
		const text = this.announced.text;
		const done = this.queue.slice(0, this.played);
		const spoken = languages.filter((language) => done.includes(promptName(language, text)));
		onEnded({
			...this.announced,
			start: this.startedAt,
			end: timers.now(),
			languages: spoken,
			complete: spoken.length === languages.length && this.played === this.queue.length,
			repetition: this.repetition,
			heard: hearing.end(volume),
		});
	}
}
