import { describe, expect, it } from "vitest";
import { bootBehaviour } from "../testing/behaviour-rig.ts";
import { demoPolicy } from "../testing/demo-policy.ts";
import { policyWith } from "../testing/policy-with.ts";

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
