import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import { describe, expect, it } from "vitest";
import { bootBehaviour } from "../testing/behaviour-rig.ts";
import { policyWith } from "../testing/policy-with.ts";

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

/** Time 0 of a recording's file on the board's clock, ms. */
function origin({ video, audio }: RecordingMetadata): number {
	return Math.min(video.firstMs, audio?.firstMs ?? video.firstMs);
}
