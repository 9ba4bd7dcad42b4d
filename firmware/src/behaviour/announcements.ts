import type { AnnouncementException, AnnouncementWay } from "@bodycam/protocol/camera/capture-terms";
import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import { REVIEWED_LANGUAGES } from "@bodycam/protocol/policy/languages";
import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import {
	type AnnouncementWish,
	Announcer,
	type SpokenAnnouncement,
	type StartedAnnouncement,
} from "../announce/announcer.ts";
import { type PromptText, promptName, TONE_PROMPT, toneName } from "../announce/prompt-names.ts";
import { CUES, type CueName } from "../signals/cues.ts";

/** The languages that may be spoken: those whose words were reviewed, or that the agency has signed off. */
function languagesOf({ announcement }: EffectivePolicy) {
	return announcement.languages.filter(
		(language) => REVIEWED_LANGUAGES.includes(language) || announcement.signedOff.includes(language),
	);
}

/** How a policy has a recording announced. */
export function recordingWish(policy: EffectivePolicy): AnnouncementWish {
	const { spoken, tone, volume, repeatMs, light, display } = policy.announcement;
	const shown: AnnouncementWay[] = [];
	if (light) shown.push("light");
	if (display) shown.push("display");
	return { languages: spoken ? languagesOf(policy) : [], tone, volume, repeat: repeatMs * 1000, shown };
}

/** How a policy has a warning announced. */
export function warningWish(policy: EffectivePolicy): AnnouncementWish {
	const { spoken, light, display } = policy.warning;
	const { tone, volume } = policy.announcement;
	const shown: AnnouncementWay[] = [];
	if (light) shown.push("light");
	if (display) shown.push("display");
	const languages = spoken ? languagesOf(policy) : [];
	return { languages, tone: spoken && tone, volume, repeat: 0, shown };
}

/** Names of the prompts and tones that a policy needs. */
export function promptsOf(policy: EffectivePolicy | undefined): string[] {
	const names = [toneName("fault")];
	if (policy === undefined) return names;
	const { announcement, warning, stop } = policy;
	const texts: PromptText[] = [];
	if (announcement.spoken) texts.push("recording");
	if (warning.allowed && warning.spoken) texts.push("warning");
	for (const language of languagesOf(policy))
		for (const text of texts) names.push(promptName(language, text));
	if (announcement.tone) {
		for (const cue of Object.keys(CUES) as CueName[]) if (cue !== "fault") names.push(toneName(cue));
	} else if (stop.reminderCues.includes("tone")) names.push(toneName("reminder"));
	if (announcement.tone && !names.includes(TONE_PROMPT)) names.push(TONE_PROMPT);
	return names;
}

/** Options of `Announcements`. */
export interface AnnouncementsOptions {
	/** The policy in force. */
	readonly policy: () => EffectivePolicy | undefined;
	/** Speaks. */
	readonly announcer: Pick<Announcer, "announce" | "end">;
	/** Takes what goes into the metadata of the recording under way. */
	readonly annotate: (part: Partial<RecordingMetadata>) => void;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** Whether what was said was not heard. */
	readonly onUnheard: (unheard: boolean) => void;
}

/** Announces recordings and warnings as the policy says, and tells events and metadata how it went. */
export class Announcements {
	private readonly options: AnnouncementsOptions;
	private made: RecordingMetadata["announcement"];
	private onSpoken: (() => void) | undefined;

	/** @param options - see `AnnouncementsOptions` */
	constructor(options: AnnouncementsOptions) {
		this.options = options;
	}

	/** Announces a recording, again if it was announced before. */
	recording(number: number): void {
		const policy = this.options.policy();
		if (policy === undefined) return;
		const wish = recordingWish(policy);
		if (Announcer.tells(wish))
			this.options.announcer.announce({ recording: number, text: "recording" }, wish);
		else this.options.emit({ type: "announcement-skipped", recording: number, why: "policy" });
	}

	/**
	 * Announces a recording that begins when it has been said.
	 * @returns false when nothing is to be said, so that nothing need be waited for
	 */
	before(number: number, onSpoken: () => void): boolean {
		const policy = this.options.policy();
		if (policy === undefined) return false;
		const { languages, tone } = recordingWish(policy);
		if (languages.length === 0 && !tone) return false;
		this.onSpoken = onSpoken;
		this.recording(number);
		return true;
	}

	/** Announces the camera. */
	warning(): void {
		const policy = this.options.policy();
		if (policy === undefined) return;
		this.options.announcer.announce({ recording: undefined, text: "warning" }, warningWish(policy));
	}

	/** A recording goes on without an announcement, for a reason that is logged. */
	skip(number: number, why: AnnouncementException): void {
		this.end();
		this.options.emit({ type: "announcement-skipped", recording: number, why });
		this.options.annotate({ announcementSkipped: why });
	}

	/** What was announced is over. */
	end(): void {
		this.onSpoken = undefined;
		this.options.announcer.end();
	}

	/** A recording has been opened: it gets what was said about it before. @param announced - whether it was */
	opened(announced: boolean): void {
		if (!announced) this.made = undefined;
		else if (this.made !== undefined) this.options.annotate({ announcement: this.made });
	}

	/** The announcer begins. */
	started({ recording, languages, by, repetition }: StartedAnnouncement): void {
		if (repetition === 0) this.made = undefined;
		const base = { type: "announcement-started", recording, languages: [...languages], by: [...by] } as const;
		this.options.emit(repetition === 0 ? base : { ...base, repetition });
	}

	/** The announcer has ended. */
	ended({ recording, start, end, languages, complete, repetition, heard }: SpokenAnnouncement): void {
		this.options.emit({
			type: "announcement-ended",
			recording,
			languages: [...languages],
			complete,
			heard,
		});
		if (complete && heard !== "unknown") this.options.onUnheard(heard === "not-heard");
		if (recording !== undefined) {
			this.made =
				this.made === undefined || repetition === 0
					? {
							startMs: Math.round(start / 1000),
							endMs: Math.round(end / 1000),
							languages: [...languages],
							heard,
						}
					: { ...this.made, repeats: repetition };
			this.options.annotate({ announcement: this.made });
		}
		const { onSpoken } = this;
		this.onSpoken = undefined;
		onSpoken?.();
	}
}
