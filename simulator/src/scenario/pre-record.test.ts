import { describe, expect, it } from "vitest";
import type { Clip } from "../camera/clip.ts";
import { defaultClip } from "../root.ts";
import { loadScene } from "../scene/load-scene.ts";
import { bootCamera } from "../testing/boot-camera.ts";
import { breaks, framesOfClip, playBack } from "../testing/playback.ts";
import { record } from "../testing/record.ts";

const GROUP_MS = 800;
const clip = (await loadScene(defaultClip(), undefined)).video as Clip;

describe("pre-recording", () => {
	it("delivers the configured seconds, less at most one group of pictures, and never more", async () => {
		const camera = await bootCamera({ preRecordSeconds: 10 });
		camera.advance(20_000);
		const { preRecord, trigger, video } = record(camera, 2);
		expect(preRecord.configuredMs).toBe(10_000);
		expect(preRecord.deliveredMs).toBeLessThanOrEqual(10_000);
		expect(preRecord.deliveredMs).toBeGreaterThan(10_000 - GROUP_MS);
		expect(trigger.monotonicMs - video.firstMs).toBeLessThanOrEqual(10_000);
		expect(preRecord.reason).toBe("complete");
	});

	it("neither loses nor doubles a frame where before and after the trigger meet", async () => {
		const camera = await bootCamera({ preRecordSeconds: 10 });
		camera.advance(15_000);
		const { trigger, video } = record(camera, 3);
		const { pictures } = await playBack(camera.pull(1));
		expect(breaks(clip, framesOfClip(clip, pictures))).toEqual([]);
		expect(pictures.length).toBe(video.frames);
		expect(trigger.framesBefore + trigger.framesAfter).toBe(video.frames);
		expect(trigger.framesBefore).toBeGreaterThan(9 * 25);
	});

	it("neither loses nor doubles a frame when the card stalls for two seconds after the trigger", async () => {
		const camera = await bootCamera({ preRecordSeconds: 10 });
		camera.advance(15_000);
		camera.press("start");
		camera.advance(50);
		camera.board.peripherals.card.stall(2000);
		camera.advance(6000);
		camera.press("stop");
		camera.advanceUntil(() => camera.recordings()[0]?.state === "complete", 10_000);
		const { pictures } = await playBack(camera.pull(1));
		expect(breaks(clip, framesOfClip(clip, pictures))).toEqual([]);
		expect(camera.recording(1).lost ?? { frames: 0, packets: 0 }).toEqual({ frames: 0, packets: 0 });
	});

	it("says that it was armed for less when the trigger comes early", async () => {
		const camera = await bootCamera({ preRecordSeconds: 30 });
		camera.advance(5_000);
		const { preRecord } = record(camera, 1);
		expect(preRecord.reason).toBe("arming");
		expect(preRecord.deliveredMs).toBeGreaterThan(3_500);
		expect(preRecord.deliveredMs).toBeLessThan(6_000);
	});

	it("says before any trigger how many seconds a small arena holds, and why", async () => {
		const camera = await bootCamera({ preRecordSeconds: 60, arenaMib: 2 });
		camera.advance(5_000);
		const { preRecord } = camera.status();
		expect(preRecord.configuredMs).toBe(60_000);
		expect(preRecord.capacityMs).toBeGreaterThan(10_000);
		expect(preRecord.capacityMs).toBeLessThan(40_000);
		camera.advance(70_000);
		const { preRecord: delivered } = record(camera, 1);
		expect(delivered.reason).toBe("arena");
		expect(delivered.deliveredMs).toBeLessThan(40_000);
	});

	it("keeps nothing from before the trigger when it is off", async () => {
		const camera = await bootCamera({ preRecordSeconds: 0 });
		camera.advance(10_000);
		const { preRecord, trigger, video } = record(camera, 2);
		expect(preRecord).toMatchObject({ configuredMs: 0, deliveredMs: 0, audioMs: 0 });
		expect(trigger.framesBefore).toBe(0);
		expect(video.firstMs).toBeGreaterThanOrEqual(trigger.monotonicMs);
	});

	it("leaves nothing of a recording in the next one's seconds before the trigger", async () => {
		const camera = await bootCamera({ preRecordSeconds: 10 });
		camera.advance(12_000);
		const first = record(camera, 2);
		camera.advance(3_000);
		const second = record(camera, 2);
		expect(second.video.firstMs).toBeGreaterThan(first.video.lastMs);
		expect(second.number).toBe(first.number + 1);
	});

	it("clears memory when the power fails", async () => {
		const camera = await bootCamera({ preRecordSeconds: 10 });
		camera.advance(12_000);
		camera.powerCut("lose", 100);
		camera.advance(200);
		const { preRecord } = camera.status();
		expect(preRecord.heldMs).toBeLessThan(1_000);
	});
});
