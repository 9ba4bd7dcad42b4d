import { describe, expect, it } from "vitest";
import { createVirtualTimers } from "../testing/virtual-timers.ts";
import { CUES } from "./cues.ts";
import { type Shown, Signals } from "./signals.ts";

const RULE = {
	light: true,
	display: true,
	haptic: true,
	tone: false,
	warningLight: true,
	warningDisplay: true,
};

function setup(rule: Partial<typeof RULE> = {}) {
	const timers = createVirtualTimers();
	const shown: Record<string, unknown> = {};
	const tones: string[] = [];
	let sent = 0;
	const into = (name: string) => (value: unknown) => {
		shown[name] = value;
		sent++;
	};
	const close = () => undefined;
	const signals = new Signals({
		timers,
		rule: () => ({ ...RULE, ...rule }),
		publicLight: { show: into("public"), close },
		wearerLight: { show: into("wearer"), close },
		display: { show: into("display"), close },
		haptic: { play: into("haptic"), close },
		tone: (cue) => tones.push(cue),
	});
	const show = (state: Shown["state"], more: Partial<Shown> = {}) =>
		signals.show({ state, faults: [], obstacle: undefined, muted: false, ...more });
	return { timers, signals, show, shown, tones, sent: () => sent };
}

describe("signals", () => {
	it("show the public a red blinking light and a text while recording, and at no other time", () => {
		const { show, shown } = setup();
		for (const state of ["off", "ready", "warning", "armed", "paused", "finishing", "fault"] as const) {
			show(state);
			expect(shown.public).not.toMatchObject({ color: 0xff0000 });
			expect(String(shown.display)).not.toMatch(/^AUFNAHME\n/);
		}
		show("recording");
		expect(shown.public).toMatchObject({ color: 0xff0000, on: 500, off: 500 });
		expect(String(shown.display)).toContain("AUFNAHME");
	});

	it("show a warning that says that nothing is recorded, where the policy shows it", () => {
		const { show, shown } = setup();
		show("warning");
		expect(String(shown.display)).toContain("Not recording");
		const dark = setup({ warningLight: false, warningDisplay: false });
		dark.show("warning");
		expect(dark.shown.public).toMatchObject({ color: 0 });
		expect(String(dark.shown.display)).not.toContain("ACHTUNG");
	});

	it("keep showing the recording under every cue", () => {
		const { signals, show, shown } = setup();
		show("recording", { faults: ["battery-low"] });
		expect(shown.wearer).toMatchObject({ color: 0xff0000, off: 0 });
		for (const cue of Object.keys(CUES) as (keyof typeof CUES)[]) {
			signals.play(cue);
			expect(String(shown.display)).toMatch(/^AUFNAHME/);
			expect(shown.public).toMatchObject({ color: 0xff0000 });
		}
	});

	it("show a cue for two seconds, then the state again", async () => {
		const { timers, signals, show, shown } = setup();
		show("armed");
		const before = { ...shown };
		signals.play("marked");
		expect(shown).toMatchObject({ wearer: CUES.marked.light, display: CUES.marked.display });
		await timers.advance(2_100_000);
		expect(shown).toMatchObject({ wearer: before.wearer, display: before.display });
	});

	it("keep a question until it is asked no more", async () => {
		const { timers, signals, show, shown } = setup();
		show("recording");
		signals.ask("stillNeeded");
		await timers.advance(10_000_000);
		expect(String(shown.display)).toContain("Still needed?");
		signals.ask(undefined);
		expect(String(shown.display)).not.toContain("Still needed?");
	});

	it("are heard where the policy has tones, a fault always", () => {
		const { signals, tones } = setup();
		signals.play("marked");
		signals.play("fault");
		expect(tones).toEqual(["fault"]);
		const loud = setup({ tone: true });
		loud.signals.play("marked");
		expect(loud.tones).toEqual(["marked"]);
	});

	it("show which fault keeps the camera from recording, and why it is off", () => {
		const { show, shown } = setup();
		show("fault", { faults: ["clock-unset", "card-missing"] });
		expect(String(shown.display)).toContain("Keine Speicherkarte");
		show("off", { obstacle: "no-policy" });
		expect(String(shown.display)).toContain("Keine gültige Richtlinie");
	});

	it("say when a recording goes on without sound", () => {
		const { show, shown } = setup();
		show("recording", { muted: true });
		expect(String(shown.display)).toContain("kein Ton");
	});

	it("send nothing that is shown already", () => {
		const { show, sent } = setup();
		show("armed");
		const before = sent();
		show("armed");
		expect(sent()).toBe(before);
	});
});
