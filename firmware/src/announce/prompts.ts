import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import { PROMPT_DATA, type PromptData } from "./prompt-data.ts";
import type { Prompt } from "./voice.ts";

/** Name of the sound that tells the wearer of a fault. */
export const FAULT_CUE = "fault";

/**
 * Copies the built-in prompts into media memory, where the speaker reads them.
 * @param memory - media memory
 * @param region - where they are to lie
 * @param scratch - room for the longest prompt's base64; its contents are lost
 * @param data - the prompts, those built in unless told otherwise
 * @returns where each one lies, by language or name
 * @throws RangeError when they do not fit, or one is damaged
 */
export function placePrompts(
	memory: MediaMemory,
	region: MediaRegion,
	scratch: MediaRegion,
	data: readonly PromptData[] = PROMPT_DATA,
): ReadonlyMap<string, Prompt> {
	const prompts = new Map<string, Prompt>();
	let at = region.at;
	for (const prompt of data) {
		if (prompt.base64.length > scratch.bytes || at + prompt.bytes > region.at + region.bytes) {
			throw new RangeError(`the prompt ${prompt.name} does not fit`);
		}
		const length = memory.writeText(scratch.at, scratch.bytes, prompt.base64);
		if (memory.base64Decode(at, scratch.at, length) !== prompt.bytes) {
			throw new RangeError(`the prompt ${prompt.name} is damaged`);
		}
		prompts.set(prompt.name, { at, bytes: prompt.bytes, duration: prompt.duration });
		at += prompt.bytes;
	}
	return prompts;
}
