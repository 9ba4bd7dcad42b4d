import { describe, expect, it } from "vitest";
import { bootBehaviour } from "../testing/behaviour-rig.ts";
import { MANUAL, OFF, policyWith } from "../testing/policy-with.ts";

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
