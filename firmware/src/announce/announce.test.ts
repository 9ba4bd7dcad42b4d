import { Status } from "@bodycam/protocol/board/records";
import { ANNOUNCEMENT_LANGUAGES } from "@bodycam/protocol/policy/languages";
import { describe, expect, it } from "vitest";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { createVirtualTimers } from "../testing/virtual-timers.ts";
import {
	type AnnouncementWish,
	Announcer,
	type SpokenAnnouncement,
	type StartedAnnouncement,
} from "./announcer.ts";
import { Hearing } from "./hearing.ts";
import { PROMPT_NAMES, promptData } from "./prompt-data.ts";
import { placePrompts } from "./prompts.ts";
import { type Prompt, Voice } from "./voice.ts";

const PROMPTS = new Map<string, Prompt>([
	["de-recording", { at: 0, bytes: 100, duration: 3_000_000 }],
	["en-recording", { at: 100, bytes: 120, duration: 3_200_000 }],
	["tone-fault", { at: 220, bytes: 20, duration: 700_000 }],
]);

const WISH: AnnouncementWish = {
	languages: ["de", "en"],
	tone: false,
	volume: 80,
	repeat: 0,
	shown: ["light"],
};

const recording = (number: number) => ({ recording: number, text: "recording" as const });

/** An announcer with a voice on a speaker that plays in virtual time, or does not answer. */
function setup(options: { answers?: boolean; status?: number } = {}) {
	const timers = createVirtualTimers(10_000_000);
	const played: string[] = [];
	const started: StartedAnnouncement[] = [];
	const ended: SpokenAnnouncement[] = [];
	const speaker: boolean[] = [];
	const state = { answers: options.answers !== false, status: options.status ?? Status.ok };
	const voice = new Voice({
		timers,
		openSpeaker: ({ onDone }) => ({
			play: (at, _length, volume, tag) => {
				const [name = "", prompt] = [...PROMPTS].find(([, candidate]) => candidate.at === at) ?? [];
				played.push(`${name} ${volume}`);
				if (!state.answers) return;
				timers.at(timers.now() + (prompt?.duration ?? 0), () => onDone(tag, state.status));
			},
			stop: () => played.push("stop"),
			close: () => undefined,
		}),
	});
	const announcer = new Announcer({
		timers,
		voice,
		prompts: () => PROMPTS,
		hearing: new Hearing(),
		onStarted: (announcement) => started.push(announcement),
		onEnded: (announcement) => ended.push(announcement),
		onSpeaker: (fails) => speaker.push(fails),
	});
	return { timers, voice, announcer, played, started, ended, speaker, state };
}

describe("announcement", () => {
	it("is spoken in German, then in English, from the trigger on", async () => {
		const { timers, announcer, played, ended } = setup();
		announcer.announce(recording(4), WISH);
		expect(announcer.state).toBe("speaking");
		expect(played).toEqual(["de-recording 80"]);
		await timers.advance(7_000_000);
		expect(played).toEqual(["de-recording 80", "en-recording 80"]);
		expect(announcer.state).toBe("silent");
		expect(ended).toMatchObject([
			{ recording: 4, start: 10_000_000, end: 16_200_000, languages: ["de", "en"], complete: true },
		]);
	});

	it("breaks off with the recording, and says what was spoken to its end", async () => {
		const { timers, announcer, played, ended } = setup();
		announcer.announce(recording(1), WISH);
		await timers.advance(4_000_000);
		announcer.end();
		expect(played.at(-1)).toBe("stop");
		expect(ended).toMatchObject([{ end: 14_000_000, languages: ["de"], complete: false }]);
		await timers.advance(10_000_000);
		expect(ended).toHaveLength(1);
	});

	it("fails with the speaker, is tried again, and tells when it works", async () => {
		const { timers, announcer, ended, speaker, state } = setup({ status: Status.ioError });
		announcer.announce(recording(1), WISH);
		await timers.advance(4_000_000);
		expect(announcer.state).toBe("failed");
		expect(ended).toMatchObject([{ languages: [], complete: false }]);
		state.status = Status.ok;
		await timers.advance(30_000_000);
		expect(ended[1]).toMatchObject({ complete: true, repetition: 1 });
		expect(speaker).toEqual([true, false]);
	});

	it("fails when the speaker does not answer", async () => {
		const { timers, announcer, played, ended } = setup({ answers: false });
		announcer.announce(recording(1), WISH);
		await timers.advance(10_000_000);
		expect(ended).toMatchObject([{ end: 15_000_000, complete: false }]);
		expect(played).toContain("stop");
	});

	it("leaves a language without a prompt out, and does not count as complete", async () => {
		const { timers, announcer, ended } = setup();
		announcer.announce(recording(1), { ...WISH, languages: ["tr", "de"] });
		await timers.advance(5_000_000);
		expect(ended).toMatchObject([{ languages: ["de"], complete: false }]);
	});

	it("starts anew with the next recording", async () => {
		const { timers, announcer, ended } = setup();
		announcer.announce(recording(1), WISH);
		await timers.advance(1_000_000);
		announcer.announce(recording(2), WISH);
		await timers.advance(10_000_000);
		expect(ended).toMatchObject([
			{ recording: 1, complete: false },
			{ recording: 2, start: 11_000_000, complete: true, repetition: 0 },
		]);
	});

	it("that is only shown is told and says nothing", () => {
		const { announcer, played, started } = setup();
		announcer.announce(recording(1), { ...WISH, languages: [] });
		expect(started).toMatchObject([{ recording: 1, by: ["light"] }]);
		expect(played).toEqual([]);
		expect(announcer.state).toBe("silent");
	});
});

describe("hearing", () => {
	/** What is heard: a level before the prompt and one while it is spoken. */
	function heard(before: number, during: number, packets = 50, volume = 100) {
		const hearing = new Hearing();
		for (let time = 0; time < 10_000_000; time += 40_000) hearing.level(before, time);
		hearing.begin(10_000_000);
		for (let packet = 0; packet < packets; packet++) hearing.level(during, 10_000_000 + packet * 40_000);
		return hearing.end(volume);
	}

	it.each([
		["in a quiet place", 50, 4200, "heard"],
		["in a street", 1500, 4450, "heard"],
		["half covered by a jacket", 50, 1300, "heard"],
		["when nothing is added to what was there", 800, 800, "not-heard"],
		["from a dead speaker", 50, 50, "not-heard"],
		["in a noise as loud as the speaker", 5000, 6500, "unknown"],
	] as const)("%s: %i before, %i while it is spoken: %s", (_where, before, during, expected) => {
		expect(heard(before, during)).toBe(expected);
	});

	it("says nothing when the microphone did not run", () => {
		expect(heard(50, 4200, 3)).toBe("unknown");
	});

	it("expects less of a lower volume", () => {
		expect(heard(20, 300, 50, 20)).toBe("heard");
		expect(heard(20, 300, 50, 100)).toBe("not-heard");
	});
});

describe("voice", () => {
	it("keeps a cue until the announcement has ended", async () => {
		const { timers, voice, announcer, played } = setup();
		const cue = PROMPTS.get("tone-fault") as Prompt;
		announcer.announce(recording(1), WISH);
		voice.cue(cue);
		await timers.advance(10_000_000);
		expect(played).toEqual(["de-recording 80", "en-recording 80", "tone-fault 100"]);
	});

	it("plays a cue at once when nothing is said", () => {
		const { voice, played } = setup();
		voice.cue(PROMPTS.get("tone-fault") as Prompt);
		expect(played).toEqual(["tone-fault 100"]);
	});

	it("cuts a cue off for an announcement", async () => {
		const { timers, voice, announcer, played, ended } = setup();
		voice.cue(PROMPTS.get("tone-fault") as Prompt);
		announcer.announce(recording(1), WISH);
		await timers.advance(10_000_000);
		expect(played).toEqual(["tone-fault 100", "stop", "de-recording 80", "en-recording 80"]);
		expect(ended).toMatchObject([{ complete: true }]);
	});
});

describe("built-in prompts", () => {
	const memory = createNodeMediaMemory(262_144);
	const scratch = { at: 131_072, bytes: 12_288 };

	it("say both texts in every language a policy can name", () => {
		for (const language of ANNOUNCEMENT_LANGUAGES)
			for (const text of ["recording", "warning"]) expect(PROMPT_NAMES).toContain(`${language}-${text}`);
	});

	it("lie all together in media memory as whole packets of 20 ms that fill their time", () => {
		const { prompts, unfit } = placePrompts(memory, { at: 0, bytes: 118_784 }, scratch, PROMPT_NAMES);
		expect(unfit).toEqual([]);
		expect([...prompts.keys()]).toEqual(PROMPT_NAMES);
		const view = new DataView(memory.memory);
		for (const { at, bytes, duration } of prompts.values()) {
			let packets = 0;
			let next = at;
			for (; next < at + bytes; packets++) next += 2 + view.getUint16(next, true);
			expect(next).toBe(at + bytes);
			expect(packets * 20_000).toBe(duration);
		}
	});

	it("are left out when they do not fit, are missing or are damaged, and the others are there", () => {
		const names = ["de-recording", "xx-recording", "en-recording"];
		const small = placePrompts(memory, { at: 0, bytes: 6000 }, scratch, names);
		expect([...small.prompts.keys()]).toEqual(["de-recording"]);
		const damaged = placePrompts(memory, { at: 0, bytes: 60_000 }, scratch, names, (name) => {
			const data = promptData(name);
			if (data === undefined || name !== "de-recording") return data;
			return { ...data, base64: `AAAA${data.base64.slice(4)}` };
		});
		expect(damaged.unfit).toEqual(["de-recording", "xx-recording"]);
		expect([...damaged.prompts.keys()]).toEqual(["en-recording"]);
	});
});
