import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import { type PromptData, promptData } from "./prompt-data.ts";
import type { Prompt } from "./voice.ts";

/** Prompts that lie in media memory, and those that could not be put there. */
export interface PlacedPrompts {
	/** Where each one lies, by name. */
	readonly prompts: ReadonlyMap<string, Prompt>;
	/** Names of those that are missing or damaged, or do not fit. */
	readonly unfit: readonly string[];
}

/**
 * Copies prompts into media memory, where the speaker reads them. A prompt that is missing or damaged is left out:
 * the camera goes on with the others and tells the fault.
 * @param memory - media memory
 * @param region - where they are to lie
 * @param scratch - room for the longest prompt's base64; its contents are lost
 * @param names - the prompts wanted
 * @param find - gives a prompt's data, those built in unless told otherwise
 */
export function placePrompts(
	memory: MediaMemory,
	region: MediaRegion,
	scratch: MediaRegion,
	names: readonly string[],
	find: (name: string) => PromptData | undefined = promptData,
): PlacedPrompts {
	const prompts = new Map<string, Prompt>();
	const unfit: string[] = [];
	let at = region.at;
	for (const name of names) {
		const data = find(name);
		const fits =
			data !== undefined &&
			data.base64.length <= scratch.bytes &&
			at + data.bytes <= region.at + region.bytes;
		if (!fits || !placed(memory, at, scratch, data)) {
			unfit.push(name);
			continue;
		}
		prompts.set(name, { at, bytes: data.bytes, duration: data.duration });
		at += data.bytes;
	}
	return { prompts, unfit };
}

function placed(memory: MediaMemory, at: number, scratch: MediaRegion, data: PromptData): boolean {
	const length = memory.writeText(scratch.at, scratch.bytes, data.base64);
	return (
		memory.base64Decode(at, scratch.at, length) === data.bytes && memory.crc32(at, data.bytes) === data.crc
	);
}
