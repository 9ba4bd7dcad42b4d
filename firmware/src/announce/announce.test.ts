import { Status } from "@bodycam/protocol/board/records";
import type { AnnouncementRule } from "@bodycam/protocol/policy/document";
import { describe, expect, it } from "vitest";
import { demoPolicy } from "../testing/demo-policy.ts";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { createVirtualTimers } from "../testing/virtual-timers.ts";
import { Announcer, type SpokenAnnouncement } from "./announcer.ts";
import { PROMPT_DATA } from "./prompt-data.ts";
import { placePrompts } from "./prompts.ts";
import { type Prompt, Voice } from "./voice.ts";

const PROMPTS = new Map<string, Prompt>([
	["de", { at: 0, bytes: 100, duration: 3_000_000 }],
	["en", { at: 100, bytes: 120, duration: 3_200_000 }],
	["fault", { at: 220, bytes: 20, duration: 700_000 }],
]);

/** An announcer with a voice on a speaker that plays in virtual time, or does not answer. */
function setup(options: { rule?: Partial<AnnouncementRule>; answers?: boolean; status?: number } = {}) {
	const timers = createVirtualTimers(10_000_000);
	const played: string[] = [];
	const ended: SpokenAnnouncement[] = [];
	const voice = new Voice({
		timers,
		volume: () => 80,
		openSpeaker: ({ onDone }) => ({
			play: (at, _length, volume, tag) => {
				const [name = "", prompt] = [...PROMPTS].find(([, candidate]) => candidate.at === at) ?? [];
				played.push(`${name} ${volume}`);
				if (options.answers === false) return;
				timers.at(timers.now() + (prompt?.duration ?? 0), () => onDone(tag, options.status ?? Status.ok));
			},
			stop: () => played.push("stop"),
			close: () => undefined,
		}),
	});
	const announcer = new Announcer({
		now: timers.now,
		voice,
		prompts: PROMPTS,
		rule: () => ({ ...demoPolicy.announcement, ...options.rule }),
		onEnded: (announcement) => ended.push(announcement),
	});
	return { timers, voice, announcer, played, ended };
}

describe("announcement", () => {
	it("is spoken in German, then in English, from the trigger on", async () => {
		const { timers, announcer, played, ended } = setup();
		expect(announcer.trigger(4)).toBe(true);
		expect(announcer.state).toBe("speaking");
		expect(played).toEqual(["de 80"]);
		await timers.advance(7_000_000);
		expect(played).toEqual(["de 80", "en 80"]);
		expect(announcer.state).toBe("silent");
		expect(ended).toEqual([
			{ recording: 4, start: 10_000_000, end: 16_200_000, languages: ["de", "en"], complete: true },
		]);
	});

	it("breaks off with the recording, and says what was spoken to its end", async () => {
		const { timers, announcer, played, ended } = setup();
		announcer.trigger(1);
		await timers.advance(4_000_000);
		announcer.breakOff();
		expect(played.at(-1)).toBe("stop");
		expect(ended).toMatchObject([{ end: 14_000_000, languages: ["de"], complete: false }]);
		await timers.advance(10_000_000);
		expect(ended).toHaveLength(1);
	});

	it("ends when the speaker fails", async () => {
		const { timers, announcer, ended } = setup({ status: Status.ioError });
		announcer.trigger(1);
		await timers.advance(10_000_000);
		expect(ended).toMatchObject([{ languages: [], complete: false }]);
	});

	it("ends when the speaker does not answer", async () => {
		const { timers, announcer, played, ended } = setup({ answers: false });
		announcer.trigger(1);
		await timers.advance(10_000_000);
		expect(ended).toMatchObject([{ end: 15_000_000, complete: false }]);
		expect(played).toContain("stop");
	});

	it("starts anew with the next recording", async () => {
		const { timers, announcer, ended } = setup();
		announcer.trigger(1);
		await timers.advance(1_000_000);
		announcer.trigger(2);
		await timers.advance(10_000_000);
		expect(ended).toMatchObject([
			{ recording: 1, complete: false },
			{ recording: 2, start: 11_000_000, complete: true },
		]);
	});

	it.each([
		["nothing is to be spoken", { spoken: false }],
		["there are no languages", { languages: [] }],
	] as const)("is silent when %s", (_what, rule) => {
		const { announcer, played } = setup({ rule });
		expect(announcer.trigger(1)).toBe(false);
		expect(played).toEqual([]);
	});
});

describe("voice", () => {
	it("keeps a cue until the announcement has ended", async () => {
		const { timers, voice, announcer, played } = setup();
		const cue = PROMPTS.get("fault") as Prompt;
		announcer.trigger(1);
		voice.cue(cue);
		await timers.advance(10_000_000);
		expect(played).toEqual(["de 80", "en 80", "fault 80"]);
	});

	it("plays a cue at once when nothing is said", () => {
		const { voice, played } = setup();
		voice.cue(PROMPTS.get("fault") as Prompt);
		expect(played).toEqual(["fault 80"]);
	});

	it("cuts a cue off for an announcement", async () => {
		const { timers, voice, announcer, played, ended } = setup();
		voice.cue(PROMPTS.get("fault") as Prompt);
		announcer.trigger(1);
		await timers.advance(10_000_000);
		expect(played).toEqual(["fault 80", "stop", "de 80", "en 80"]);
		expect(ended).toMatchObject([{ complete: true }]);
	});
});

describe("built-in prompts", () => {
	it("lie in media memory as whole packets of 20 ms that fill their time", () => {
		const memory = createNodeMediaMemory(65_536);
		const prompts = placePrompts(memory, { at: 0, bytes: 32_768 }, { at: 32_768, bytes: 32_768 });
		expect([...prompts.keys()]).toEqual(["de", "en", "fault"]);
		const view = new DataView(memory.memory);
		for (const { at, bytes, duration } of prompts.values()) {
			let packets = 0;
			let next = at;
			for (; next < at + bytes; packets++) next += 2 + view.getUint16(next, true);
			expect(next).toBe(at + bytes);
			expect(packets * 20_000).toBe(duration);
		}
	});

	it("are refused when they do not fit, or are damaged", () => {
		const memory = createNodeMediaMemory(65_536);
		const scratch = { at: 32_768, bytes: 32_768 };
		expect(() => placePrompts(memory, { at: 0, bytes: 10_000 }, scratch)).toThrow(RangeError);
		const damaged = PROMPT_DATA.map((prompt) => ({ ...prompt, base64: prompt.base64.slice(4) }));
		expect(() => placePrompts(memory, { at: 0, bytes: 32_768 }, scratch, damaged)).toThrow("damaged");
	});
});
