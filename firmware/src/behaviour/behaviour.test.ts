import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import { describe, expect, it } from "vitest";
import { bootBehaviour } from "../testing/behaviour-rig.ts";
import { demoPolicy } from "../testing/demo-policy.ts";

/** The demo profile with parts of its rules changed. */
function policyWith(changes: { readonly [K in keyof EffectivePolicy]?: Partial<EffectivePolicy[K]> }) {
	const policy: Record<string, unknown> = { ...demoPolicy };
	for (const key of Object.keys(changes) as (keyof EffectivePolicy)[]) {
		const change = changes[key];
		policy[key] =
			Array.isArray(change) || typeof change !== "object"
				? change
				: { ...(demoPolicy[key] as object), ...change };
	}
	return policy as unknown as EffectivePolicy;
}

const MANUAL = policyWith({ preRecording: { mode: "manual", lengthMs: 10_000 } });
const OFF = policyWith({ preRecording: { mode: "off", lengthMs: 0 } });

describe("a single press", () => {
	it("announces and shows the camera, records nothing and is logged as a warning", async () => {
		const rig = await bootBehaviour();
		await rig.wait(2000);
		await rig.presses("event", 1);
		expect(rig.behaviour.capture.state).toBe("warning");
		expect(rig.played.map(({ name }) => name)).toEqual(["de-warning"]);
		expect(rig.shown.display).toContain("Not recording");
		expect(rig.types()).toContain("warning-started");
		expect(rig.opened).toEqual([]);
		await rig.wait(5000);
		expect(rig.of("announcement-ended")).toMatchObject([{ languages: ["de", "en"], complete: true }]);
		expect(rig.of("announcement-ended")[0]).not.toHaveProperty("recording", 1);
	});

	it("keeps the pre-record ring running, so that a recording after it has its seconds before", async () => {
		const rig = await bootBehaviour();
		await rig.wait(20_000);
		await rig.presses("event", 1);
		await rig.wait(10_000);
		await rig.presses("event", 2);
		await rig.wait(1000);
		expect(rig.opened[0]?.preRecord.deliveredMs).toBeGreaterThan(25_000);
		expect(rig.types().filter((type) => type === "warning-ended")).toHaveLength(1);
	});

	it("ends with a hold, and by itself when the policy's time is over", async () => {
		const rig = await bootBehaviour({ policy: policyWith({ warning: { maximumMs: 60_000 } }) });
		await rig.presses("event", 1);
		await rig.press("event", 3200);
		expect(rig.behaviour.capture.state).toBe("armed");
		await rig.presses("event", 1);
		await rig.wait(61_000);
		expect(rig.behaviour.capture.state).toBe("armed");
		expect(rig.of("warning-ended").map(({ reason }) => reason)).toEqual(["wearer", "timeout"]);
	});

	it("is refused where the policy has no warning state", async () => {
		const rig = await bootBehaviour({ policy: policyWith({ warning: { allowed: false } }) });
		await rig.presses("event", 1);
		expect(rig.of("refused")).toMatchObject([{ what: "warning", why: "not-allowed" }]);
		expect(rig.behaviour.capture.state).toBe("armed");
	});

	it("while recording says the announcement again", async () => {
		const rig = await bootBehaviour();
		await rig.presses("event", 2);
		await rig.wait(8000);
		await rig.presses("event", 1);
		await rig.wait(8000);
		expect(rig.of("announcement-started").map(({ repetition }) => repetition)).toEqual([undefined, 1]);
		await rig.press("event", 3200);
		await rig.wait(2000);
		expect(rig.closed[0]?.announcement).toMatchObject({ languages: ["de", "en"], repeats: 1 });
	});
});

describe("a double press", () => {
	it("records and announces at once, and a second one changes nothing", async () => {
		const rig = await bootBehaviour();
		await rig.wait(5000);
		await rig.presses("event", 2);
		await rig.presses("event", 2);
		expect(rig.behaviour.capture.state).toBe("recording");
		expect(rig.of("trigger")).toHaveLength(1);
		expect(rig.of("trigger-refused")).toMatchObject([{ why: "recording" }]);
		expect(rig.of("announcement-started")).toMatchObject([
			{ recording: 1, languages: ["de", "en"], by: ["spoken", "light", "display"] },
		]);
	});

	it("records only after the words where the policy announces before", async () => {
		const rig = await bootBehaviour({ policy: policyWith({ announcement: { when: "before" } }) });
		await rig.presses("event", 2);
		expect(rig.behaviour.capture.state).toBe("warning");
		await rig.presses("event", 2);
		expect(rig.of("trigger-refused")).toMatchObject([{ why: "announcing" }]);
		await rig.wait(4000);
		expect(rig.behaviour.capture.state).toBe("recording");
		const [ended] = rig.of("announcement-ended");
		expect(rig.of("trigger")[0]?.time).toBe(ended?.time);
		await rig.press("event", 3200);
		await rig.wait(2000);
		expect(rig.closed[0]?.announcement).toMatchObject({ languages: ["de", "en"] });
	});

	it("records although the speaker fails, and tells that as a fault", async () => {
		for (const when of ["before", "with-start"] as const) {
			const rig = await bootBehaviour({ policy: policyWith({ announcement: { when } }), speaker: "error" });
			await rig.presses("event", 2);
			await rig.wait(1000);
			expect(rig.behaviour.capture.state).toBe("recording");
			expect(rig.of("fault")).toMatchObject([{ fault: "speaker-fault", active: true }]);
			expect(rig.of("announcement-ended")).toMatchObject([{ complete: false }]);
		}
	});

	it("is refused without a policy, without a wearer and with an empty battery, and says why", async () => {
		const empty = { percent: 0, millivolt: 3300, charging: false, minutesLeft: 0 };
		for (const [surroundings, why] of [
			[{ policy: undefined }, "no-policy"],
			[{ wearer: "training-expired" }, "training-expired"],
			[{ battery: empty }, "battery-empty"],
		] as const) {
			const rig = await bootBehaviour(surroundings);
			expect(rig.behaviour.capture.state).toBe("off");
			await rig.wait(2500);
			expect(rig.shown.display).toMatch(/^NICHT BEREIT/);
			await rig.presses("event", 2);
			expect(rig.of("trigger-refused")).toMatchObject([{ why }]);
			expect(rig.opened).toEqual([]);
			expect(rig.camera.delivered).toEqual([]);
		}
	});

	it("keeps nothing from before where pre-recording is off, or was not armed by hand", async () => {
		for (const policy of [OFF, MANUAL]) {
			const rig = await bootBehaviour({ policy });
			await rig.wait(10_000);
			expect(rig.behaviour.capture.state).toBe("ready");
			expect(rig.camera.delivered).toEqual([]);
			await rig.presses("event", 2);
			await rig.wait(3000);
			await rig.press("event", 3200);
			await rig.wait(2000);
			const { trigger, preRecord } = rig.closed[0] ?? {};
			expect(trigger?.framesBefore).toBe(0);
			expect(preRecord?.reason).toBe("off");
		}
	});
});

describe("imminent danger", () => {
	it("records at once, skips the announcement, logs that and demands a reason", async () => {
		const rig = await bootBehaviour();
		await rig.both();
		expect(rig.behaviour.capture.state).toBe("recording");
		expect(rig.played).toEqual([]);
		expect(rig.of("announcement-skipped")).toMatchObject([{ recording: 1, why: "imminent-danger" }]);
		expect(rig.of("demanded")).toMatchObject([{ recording: 1, what: "reason" }]);
		await rig.press("event", 3200);
		await rig.wait(2000);
		expect(rig.closed[0]).toMatchObject({ announcementSkipped: "imminent-danger" });
		expect(rig.closed[0]?.trigger.source).toBe("imminent-danger");
	});

	it("breaks off an announcement under way", async () => {
		const rig = await bootBehaviour();
		await rig.presses("event", 2);
		await rig.both();
		expect(rig.of("announcement-ended")).toMatchObject([{ complete: false }]);
		expect(rig.of("announcement-skipped")).toHaveLength(1);
	});

	it("records with an announcement where the policy has no exception", async () => {
		const policy = policyWith({
			announcement: { imminentDanger: { allowed: false, reasonRequired: true } },
		});
		const rig = await bootBehaviour({ policy });
		await rig.both();
		expect(rig.behaviour.capture.state).toBe("recording");
		expect(rig.of("refused")).toMatchObject([{ what: "imminent-danger", why: "not-allowed" }]);
		expect(rig.types()).toContain("announcement-started");
	});

	it("has its reason chosen with the function button when the recording is over", async () => {
		const rig = await bootBehaviour();
		await rig.both();
		await rig.press("event", 3200);
		await rig.wait(3000);
		expect(rig.shown.display).toContain("Danger to life or limb");
		await rig.presses("function", 1);
		await rig.presses("function", 2);
		expect(rig.of("reason-given")).toMatchObject([{ recording: 1, code: "exercise", source: "button" }]);
		expect(rig.behaviour.demands.open).toEqual([]);
	});

	it("has its reason given over the link, checked against the policy's codes", async () => {
		const rig = await bootBehaviour();
		await rig.both();
		const { commands } = rig.behaviour;
		expect(await commands.answer(1, { reason: "threat" })).toBe("unknown-reason");
		expect(await commands.answer(2, { reason: "danger" })).toBe("not-demanded");
		rig.surroundings.storeFails = true;
		expect(await commands.answer(1, { reason: "danger" })).toBe("not-kept");
		rig.surroundings.storeFails = false;
		expect(await commands.answer(1, { reason: "danger" })).toBe("taken");
		await rig.press("event", 3200);
		await rig.wait(2000);
		expect(rig.closed[0]?.reason).toBe("danger");
	});
});

describe("a hold", () => {
	it("stops, and breaks the announcement off", async () => {
		const rig = await bootBehaviour();
		await rig.presses("event", 2);
		await rig.press("event", 3200);
		await rig.wait(1000);
		expect(rig.of("recording-stopped")).toMatchObject([{ reason: "button" }]);
		expect(rig.closed).toHaveLength(1);
		expect(rig.of("announcement-ended")).toMatchObject([{ languages: ["de"], complete: false }]);
	});

	it("is confirmed by a second one where the policy asks for it", async () => {
		const rig = await bootBehaviour({ policy: policyWith({ stop: { confirmation: true } }) });
		await rig.presses("event", 2);
		await rig.press("event", 3200);
		expect(rig.behaviour.capture.state).toBe("recording");
		expect(rig.of("confirmation-asked")).toMatchObject([{ what: "stop" }]);
		await rig.wait(11_000);
		expect(rig.of("confirmation-lapsed")).toHaveLength(1);
		await rig.press("event", 3200);
		await rig.wait(500);
		await rig.press("event", 3200);
		expect(rig.of("recording-stopped")).toHaveLength(1);
	});
});

describe("the core area", () => {
	it("pauses: no frame of it is stored, the gap is noted, and it goes on with a keyframe", async () => {
		const rig = await bootBehaviour();
		await rig.wait(3000);
		await rig.presses("event", 2);
		await rig.wait(4000);
		await rig.press("function", 3100);
		expect(rig.behaviour.capture.state).toBe("paused");
		await rig.wait(10_000);
		await rig.presses("function", 1);
		await rig.wait(4000);
		expect(rig.behaviour.capture.state).toBe("recording");
		await rig.press("event", 3200);
		await rig.wait(2000);
		const [gap] = rig.closed[0]?.gaps ?? [];
		expect((gap?.toMs ?? 0) - (gap?.fromMs ?? 0)).toBeGreaterThan(10_000);
		const { tracks } = await rig.file(1);
		const start = origin(rig.closed[0] as RecordingMetadata);
		expect(tracks).toHaveLength(2);
		for (const { handler, samples } of tracks) {
			const times = samples.map(({ presentation }) => start + presentation * 1000);
			const before = times.filter((ms) => ms <= (gap?.fromMs ?? 0));
			// A player is told to skip the first 6.5 ms of an Opus stream (RFC 7845 section 4.2).
			const skip = handler === "soun" ? 6.5 : 0;
			const after = times.filter((ms) => ms >= (gap?.toMs ?? 0) - skip - 1);
			expect(before.length, handler).toBeGreaterThan(100);
			expect(after.length, handler).toBeGreaterThan(100);
			expect(before.length + after.length, handler).toBe(times.length);
			if (handler === "vide") expect(samples[before.length]?.sync).toBe(true);
		}
	});

	it("is refused outside a recording and where the policy has no pause", async () => {
		const rig = await bootBehaviour({ policy: policyWith({ coreAreaPause: { allowed: false } }) });
		await rig.presses("event", 2);
		await rig.press("function", 3100);
		expect(rig.behaviour.capture.state).toBe("recording");
		expect(rig.of("refused")).toMatchObject([{ what: "pause", why: "not-allowed" }]);
	});

	it("is left by a double press, too, and stops from within the pause", async () => {
		const rig = await bootBehaviour();
		await rig.presses("event", 2);
		await rig.press("function", 3100);
		await rig.presses("event", 2);
		expect(rig.behaviour.capture.state).toBe("recording");
		await rig.press("function", 3100);
		await rig.press("event", 3200);
		await rig.wait(2000);
		expect(rig.closed[0]?.gaps).toHaveLength(2);
		expect(rig.behaviour.capture.state).toBe("armed");
	});

	it("reminds of the pause", async () => {
		const rig = await bootBehaviour();
		await rig.presses("event", 2);
		await rig.press("function", 3100);
		await rig.wait(125_000);
		expect(rig.of("reminded").filter(({ what }) => what === "paused")).toHaveLength(2);
	});
});

describe("marks", () => {
	it("are set by a press of the function button and go into the metadata", async () => {
		const rig = await bootBehaviour();
		await rig.presses("event", 2);
		await rig.presses("function", 1);
		await rig.presses("function", 1);
		await rig.press("event", 3200);
		await rig.wait(2000);
		expect(rig.of("marker")).toHaveLength(2);
		expect(rig.closed[0]?.markers).toHaveLength(2);
	});

	it("of a home are confirmed where the policy asks, and demand who authorised it", async () => {
		const homes = { extraConfirmation: true, authorisedByRequired: true };
		const rig = await bootBehaviour({ policy: policyWith({ homes }) });
		await rig.presses("event", 2);
		await rig.presses("function", 2);
		expect(rig.of("home")).toMatchObject([{ state: "marked" }]);
		await rig.presses("function", 2);
		expect(rig.of("home").map(({ state }) => state)).toEqual(["marked", "confirmed"]);
		expect(rig.of("demanded")).toMatchObject([{ what: "authorisation" }]);
		expect(await rig.behaviour.commands.answer(1, { authorisedBy: "Einsatzleitung" })).toBe("taken");
		await rig.press("event", 3200);
		await rig.wait(2000);
		expect(rig.closed[0]?.home).toEqual({ confirmed: true, authorisedBy: "Einsatzleitung" });
	});

	it("of consent stop or mute as the policy says, and tell refused from withdrawn", async () => {
		for (const onRefusal of ["mute", "stop"] as const) {
			const consent = { requiredIn: ["voluntary-statement" as const], onRefusal };
			const rig = await bootBehaviour({ policy: policyWith({ consent }) });
			await rig.presses("event", 2);
			await rig.presses("function", 3);
			await rig.press("function");
			await rig.wait(60);
			await rig.press("function", 3200);
			expect(rig.of("consent").map(({ mark }) => mark)).toEqual(["given", "withdrawn"]);
			if (onRefusal === "stop") {
				expect(rig.of("recording-stopped")).toMatchObject([{ reason: "consent" }]);
				continue;
			}
			expect(rig.behaviour.capture.muted).toBe(true);
			const before = rig.microphone?.delivered.length ?? 0;
			await rig.wait(5000);
			await rig.press("event", 3200);
			await rig.wait(2000);
			expect(rig.closed[0]?.muted).toHaveLength(1);
			expect(rig.closed[0]?.audio?.packets ?? 0).toBeLessThan(before + 5);
		}
	});

	it("of consent are refused where the policy does not ask for it", async () => {
		const rig = await bootBehaviour();
		await rig.presses("event", 2);
		await rig.presses("function", 3);
		expect(rig.of("refused")).toMatchObject([{ what: "consent", why: "not-allowed" }]);
	});
});

describe("arming by hand", () => {
	it("starts and ends the ring, and serves for one recording", async () => {
		const rig = await bootBehaviour({ policy: MANUAL });
		await rig.presses("function", 1);
		expect(rig.behaviour.capture.state).toBe("armed");
		await rig.wait(15_000);
		await rig.press("function", 3100);
		expect(rig.of("disarmed")).toMatchObject([{ reason: "button" }]);
		expect(rig.behaviour.capture.state).toBe("ready");
		await rig.presses("function", 1);
		await rig.wait(15_000);
		await rig.presses("event", 2);
		await rig.wait(2000);
		await rig.press("event", 3200);
		await rig.wait(2000);
		expect(rig.closed[0]?.preRecord.deliveredMs).toBeGreaterThan(9000);
		expect(rig.behaviour.capture.state).toBe("ready");
		const kept = rig.camera.delivered.length;
		await rig.wait(5000);
		expect(rig.camera.delivered.length).toBe(kept);
	});

	it("leaves nothing from before for a recording that starts while the last one is being closed", async () => {
		const rig = await bootBehaviour({ policy: MANUAL }, { card: { latency: 400_000 } });
		await rig.presses("function", 1);
		await rig.wait(10_000);
		await rig.presses("event", 2);
		await rig.wait(3000);
		await rig.press("event", 3050);
		await rig.wait(200);
		await rig.presses("event", 2);
		await rig.wait(5000);
		await rig.press("event", 3200);
		await rig.wait(8000);
		expect(rig.closed[1]?.trigger.framesBefore).toBe(0);
	});

	it.each([
		["shorter", policyWith({ preRecording: { lengthMs: 2000 } }), 2000],
		["off", OFF, 0],
	])(
		"keeps no more than a policy allows that waited for the recording: %s",
		async (_what, policy, mostMs) => {
			let waiting: EffectivePolicy | undefined;
			const rig = await bootBehaviour(
				{},
				{},
				{
					onState: () => {
						if (waiting === undefined || rig.behaviour.capture.recording !== undefined) return;
						rig.surroundings.policy = waiting;
						waiting = undefined;
						rig.changed();
					},
				},
			);
			await rig.presses("event", 2);
			await rig.wait(2000);
			waiting = policy;
			await rig.press("event", 3200);
			await rig.wait(8000);
			await rig.presses("event", 2);
			await rig.wait(1000);
			expect(rig.opened).toHaveLength(2);
			expect(rig.opened[1]?.preRecord.deliveredMs).toBeLessThanOrEqual(mostMs);
		},
	);

	it("is refused where the policy does not leave it to the hand", async () => {
		const rig = await bootBehaviour({ policy: OFF });
		await rig.presses("function", 1);
		expect(rig.of("refused")).toMatchObject([{ what: "arming", why: "not-allowed" }]);
	});
});

describe("announcement", () => {
	it("is repeated at the policy's interval while recording", async () => {
		const rig = await bootBehaviour({ policy: policyWith({ announcement: { repeatMs: 30_000 } }) });
		await rig.presses("event", 2);
		await rig.wait(70_000);
		const times = rig.of("announcement-started").map(({ time }) => time / 1e6);
		expect(times).toHaveLength(3);
		expect((times[1] ?? 0) - (times[0] ?? 0)).toBeCloseTo(30, 1);
		expect(rig.behaviour.announcer.state).toBe("due");
		await rig.press("event", 3200);
		await rig.wait(60_000);
		expect(rig.of("announcement-started")).toHaveLength(3);
	});

	it("that failed is tried again, and the fault goes when it was spoken", async () => {
		const rig = await bootBehaviour({ speaker: "mute" });
		await rig.presses("event", 2);
		await rig.wait(6000);
		expect(rig.behaviour.announcer.state).toBe("failed");
		rig.surroundings.speaker = "ok";
		await rig.wait(25_000);
		expect(rig.of("fault").map(({ active }) => active)).toEqual([true, false]);
		expect(rig.behaviour.announcer.state).toBe("silent");
	});

	it("that the microphone does not hear is a fault; one that it hears clears it", async () => {
		let level = 50;
		const rig = await bootBehaviour({}, { microphone: { level: () => level } });
		await rig.wait(2000);
		await rig.presses("event", 2);
		await rig.wait(6000);
		expect(rig.of("announcement-ended")).toMatchObject([{ complete: true, heard: "not-heard" }]);
		expect(rig.of("fault")).toMatchObject([{ fault: "announcement-unheard", active: true }]);
		level = 3000;
		await rig.presses("event", 1);
		await rig.wait(6000);
		expect(rig.of("announcement-ended")[1]).toMatchObject({ heard: "heard" });
		expect(rig.of("fault")[1]).toMatchObject({ fault: "announcement-unheard", active: false });
	});

	it("speaks a draft only where the agency has signed it off", async () => {
		for (const signedOff of [[], ["tr" as const]]) {
			const policy = policyWith({ announcement: { languages: ["de", "tr"], signedOff } });
			const rig = await bootBehaviour({ policy });
			await rig.presses("event", 2);
			await rig.wait(6000);
			const spoken = rig.of("announcement-ended")[0]?.languages;
			expect(spoken).toEqual(signedOff.length === 0 ? ["de"] : ["de", "tr"]);
		}
	});

	it("plays a tone before the words where the policy has one", async () => {
		const rig = await bootBehaviour({ policy: policyWith({ announcement: { tone: true } }) });
		await rig.presses("event", 2);
		await rig.wait(6000);
		expect(rig.played.map(({ name }) => name).slice(-3)).toEqual([
			"tone-started",
			"de-recording",
			"en-recording",
		]);
		expect(rig.of("announcement-ended")).toMatchObject([{ languages: ["de", "en"], complete: true }]);
	});
});

describe("reminders", () => {
	it("ask whether the recording is still needed, and log the answer or that there was none", async () => {
		const rig = await bootBehaviour({ policy: policyWith({ stop: { stillNeededMs: 60_000 } }) });
		await rig.presses("event", 2);
		await rig.wait(60_000);
		expect(rig.shown.display).toContain("Noch nötig?");
		await rig.presses("event", 1);
		await rig.wait(95_000);
		expect(rig.of("still-needed-answered").map(({ answer }) => answer)).toEqual(["yes", "none"]);
		expect(rig.behaviour.capture.state).toBe("recording");
		expect(rig.of("announcement-started")).toHaveLength(1);
	});

	it("that ask more often than an answer may take log each question that had none", async () => {
		const rig = await bootBehaviour({ policy: policyWith({ stop: { stillNeededMs: 10_000 } }) });
		await rig.presses("event", 2);
		await rig.wait(35_000);
		const questions = rig.types().filter((type) => type.startsWith("still-needed"));
		expect(questions).toEqual([
			"still-needed-asked",
			"still-needed-answered",
			"still-needed-asked",
			"still-needed-answered",
			"still-needed-asked",
		]);
	});

	it("come at the policy's interval with its cues", async () => {
		const rig = await bootBehaviour({ policy: policyWith({ stop: { reminderMs: 20_000 } }) });
		await rig.presses("event", 2);
		const before = rig.haptics.length;
		await rig.wait(61_000);
		expect(rig.haptics.length - before).toBe(3);
	});

	it("of professional secrecy come with the recording where the policy wants them", async () => {
		const rig = await bootBehaviour({ policy: policyWith({ secrecyReminder: true as never }) });
		await rig.presses("event", 2);
		expect(rig.of("reminded")).toMatchObject([{ what: "secrecy" }]);
	});
});

describe("reserve", () => {
	const battery = (minutesLeft: number) => ({
		percent: Math.min(100, minutesLeft),
		millivolt: 3700,
		charging: false,
		minutesLeft,
	});

	it("warns of battery and card once per threshold", async () => {
		const rig = await bootBehaviour({ battery: battery(60) });
		await rig.wait(2000);
		for (const minutes of [16, 15, 14, 15, 16, 14, 21, 15]) {
			rig.surroundings.battery = battery(minutes);
			rig.behaviour.reserve.batteryRead();
		}
		const alarms = rig.of("fault").filter(({ fault, active }) => fault === "battery-low" && active);
		expect(alarms).toHaveLength(2);
		expect(rig.of("reserve").map(({ state }) => state)).toEqual(["low-battery", "enough", "low-battery"]);
	});

	it("ends a recording in order when the battery is empty", async () => {
		const rig = await bootBehaviour({ battery: battery(20) });
		await rig.presses("event", 2);
		rig.surroundings.battery = battery(0);
		rig.behaviour.reserve.batteryRead();
		await rig.wait(2000);
		expect(rig.of("recording-stopped")).toMatchObject([{ reason: "power" }]);
		expect(rig.closed).toHaveLength(1);
		expect(rig.behaviour.capture.state).toBe("off");
	});

	it("leaves what the policy allows while the battery is low or the clock unset", async () => {
		for (const [allowance, expected] of [
			["nothing", ["off", false]],
			["warning", ["ready", false]],
			["recording", ["ready", true]],
			["everything", ["armed", true]],
		] as const) {
			const policy = { ...demoPolicy, whenClockUnset: allowance };
			const rig = await bootBehaviour({ policy, clockSet: false });
			expect(rig.behaviour.capture.state).toBe(expected[0]);
			await rig.presses("event", 2);
			expect(rig.opened.length > 0).toBe(expected[1]);
			const low = { ...demoPolicy, whenBatteryLow: allowance };
			const other = await bootBehaviour({ policy: low, battery: battery(10) });
			expect(other.behaviour.capture.state).toBe(expected[0]);
		}
	});
});

describe("the wearer", () => {
	it("withdraws by holding the function button for ten seconds, and a recording ends", async () => {
		const policy = policyWith({ wearer: { assignmentRequired: true } });
		const rig = await bootBehaviour({ policy });
		await rig.presses("event", 2);
		await rig.press("function", 10_200);
		await rig.wait(2000);
		expect(rig.of("recording-stopped")).toMatchObject([{ reason: "wearer-withdrawn" }]);
		expect(rig.behaviour.capture.state).toBe("off");
	});

	it("whose dates lapse in the middle of a recording ends it not, but starts no other", async () => {
		const rig = await bootBehaviour();
		await rig.presses("event", 2);
		rig.surroundings.wearer = "training-expired";
		rig.behaviour.settle();
		expect(rig.behaviour.capture.state).toBe("recording");
		await rig.press("event", 3200);
		await rig.wait(2000);
		expect(rig.behaviour.capture.state).toBe("off");
	});
});

describe("a defect", () => {
	it("in the middle of a recording: it goes on in another one and is announced again", async () => {
		const rig = await bootBehaviour();
		rig.behaviour.goOn(1);
		expect(rig.behaviour.capture.state).toBe("recording");
		expect(rig.of("trigger")).toMatchObject([{ source: "reset" }]);
		expect(rig.of("announcement-started")).toHaveLength(1);
		await rig.press("event", 3200);
		await rig.wait(2000);
		expect(rig.closed[0]?.resumes).toBe(1);
	});

	it("is not gone on with long after the restart", async () => {
		const rig = await bootBehaviour({ wearer: "no-wearer" });
		rig.behaviour.goOn(1);
		await rig.wait(60_000);
		rig.surroundings.wearer = undefined;
		rig.behaviour.settle();
		expect(rig.behaviour.capture.state).toBe("armed");
	});
});

/** Time 0 of a recording's file on the board's clock, ms. */
function origin({ video, audio }: RecordingMetadata): number {
	return Math.min(video.firstMs, audio?.firstMs ?? video.firstMs);
}
