import { describe, expect, it } from "vitest";
import { CUES, type Cue } from "./cues.ts";

const cues = Object.entries(CUES) as [string, Cue][];

/** The names whose cue looks the same in one respect, grouped. */
function alike(aspect: (cue: Cue) => unknown): string[][] {
	const groups = new Map<string, string[]>();
	for (const [name, cue] of cues) {
		const key = JSON.stringify(aspect(cue));
		groups.set(key, [...(groups.get(key) ?? []), name]);
	}
	return [...groups.values()].filter((names) => names.length > 1);
}

describe("cues", () => {
	it.each([
		["light", (cue: Cue) => cue.light],
		["pulse", (cue: Cue) => cue.haptic],
		["tone", (cue: Cue) => cue.tone],
		["text", (cue: Cue) => cue.display],
	] as const)("no two have the same %s", (_what, aspect) => {
		expect(alike(aspect)).toEqual([]);
	});

	it("last no longer than people attend to them", () => {
		for (const [name, { haptic, tone }] of cues) {
			const pulses = haptic.pulses * (haptic.on + haptic.off);
			const sound = tone.reduce((sum, { ms }) => sum + ms, 0);
			expect(pulses, name).toBeLessThanOrEqual(2100);
			expect(sound, name).toBeLessThanOrEqual(700);
		}
	});

	it("have texts that fit the display: three lines", () => {
		for (const [name, { display }] of cues) expect(display.split("\n").length, name).toBeLessThanOrEqual(3);
	});
});
