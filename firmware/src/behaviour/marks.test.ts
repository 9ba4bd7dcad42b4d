import { describe, expect, it } from "vitest";
import { bootBehaviour } from "../testing/behaviour-rig.ts";
import { policyWith } from "../testing/policy-with.ts";

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
		// Who did is encrypted with the pictures, not in what an archive reads.
		expect(rig.closed[0]?.home).toEqual({ confirmed: true });
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
