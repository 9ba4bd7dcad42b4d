import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import { describe, expect, it } from "vitest";
import { bootBehaviour } from "../testing/behaviour-rig.ts";
import { MANUAL, OFF, policyWith } from "../testing/policy-with.ts";

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
		const rig = await bootBehaviour({ policy: MANUAL }, { card: { latency: 150_000 } });
		await rig.presses("function", 1);
		await rig.wait(10_000);
		await rig.presses("event", 2);
		await rig.wait(3000);
		await rig.press("event", 3050);
		await rig.wait(200);
		await rig.presses("event", 2);
		await rig.wait(5000);
		await rig.press("event", 3200);
		await rig.wait(20_000);
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
