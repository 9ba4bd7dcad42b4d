import { logRead } from "@bodycam/protocol/camera/log";
import { expect } from "vitest";
import type { Clip } from "../camera/clip.ts";
import { defaultClip } from "../root.ts";
import { loadScene } from "../scene/load-scene.ts";
import type { BootedCamera } from "./boot-camera.ts";
import { breaks, framesOfClip, playBack } from "./playback.ts";

/** Arms a camera and begins to record. */
export function beginToRecord(camera: BootedCamera): void {
	camera.advance(3_000);
	camera.press("start");
	camera.advance(5_000);
}

/**
 * Expects of a camera that died while it recorded that it came back by itself, says why in status, events and log, has
 * kept what it had recorded, and goes on recording.
 * @param reason - why it started again, as the camera names it
 * @param why - what it died of
 */
export async function expectComeback(camera: BootedCamera, reason: string, why: RegExp): Promise<void> {
	camera.advance(5_000);
	expect(camera.resets).toHaveLength(1);
	expect(camera.resets[0]?.message).toMatch(why);
	const { bootReason, capture } = camera.status();
	expect({ bootReason, capture }).toMatchObject({
		bootReason: reason,
		capture: { state: "recording", recording: 2 },
	});
	const booted = camera.events().find(({ type }) => type === "booted");
	expect(booted).toMatchObject({ reason, crash: expect.stringMatching(why) });
	const { lines } = camera.client.request(logRead, { level: "error" });
	expect(lines.map(({ text }) => text).join("\n")).toMatch(/the last run died: /);
	camera.press("stop");
	const states = () => camera.recordings().map(({ state }) => state);
	camera.advanceUntil(() => states()[1] === "complete", 5_000, "the end of the second recording");
	expect(states()).toEqual(["interrupted", "complete"]);
	const clip = (await loadScene(defaultClip(), undefined)).video as Clip;
	for (const number of [1, 2]) {
		const { pictures } = await playBack(camera.pull(number));
		expect(pictures.length).toBe(camera.recording(number).video.frames);
		expect(breaks(clip, framesOfClip(clip, pictures))).toEqual([]);
	}
}
