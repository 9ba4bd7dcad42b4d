import { describe, expect, it } from "vitest";
import { bootBehaviour } from "../testing/behaviour-rig.ts";
import { policyWith } from "../testing/policy-with.ts";

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
