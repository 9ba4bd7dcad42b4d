import type { AnnouncementLanguage } from "@bodycam/protocol/policy/languages";
import type { CueName } from "../signals/cues.ts";

/** What is said: that a recording runs, or that the camera is there and records only in danger. */
export type PromptText = "recording" | "warning";

/** Name of a language's prompt. */
export function promptName(language: AnnouncementLanguage, text: PromptText): string {
	return `${language}-${text}`;
}

/** Name of the tone of a cue. */
export function toneName(cue: CueName): string {
	return `tone-${cue}`;
}

/** The tone that comes before the words, or alone. */
export const TONE_PROMPT: string = toneName("started");
