import { describe, expect, it } from "vitest";
import type { Clip } from "../camera/clip.ts";
import { defaultClip } from "../root.ts";
import { loadScene } from "../scene/load-scene.ts";
import { bootCamera } from "../testing/boot-camera.ts";
import { playBack, soundDelays, spokenIn } from "../testing/playback.ts";
import { record } from "../testing/record.ts";

const clip = (await loadScene(defaultClip(), undefined)).video as Clip;

describe("picture and sound", () => {
	it("stay within 40 ms of each other, before and after the trigger", async () => {
		const camera = await bootCamera({ preRecordSeconds: 10 });
		camera.advance(15_000);
		const metadata = record(camera, 20);
		const delays = soundDelays(clip, await playBack(camera.pull(1)), spokenIn(metadata));
		expect(delays.length).toBeGreaterThan(15);
		expect(Math.max(...delays.map(Math.abs))).toBeLessThan(0.04);
	});
});
