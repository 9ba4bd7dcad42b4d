import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clip } from "../camera/clip.ts";
import { defaultClip } from "../root.ts";
import { loadScene } from "../scene/load-scene.ts";
import { bootCamera } from "../testing/boot-camera.ts";
import { byEngine } from "../testing/engines.ts";
import { breaks, framesOfClip, playBack } from "../testing/playback.ts";

const clip = (await loadScene(defaultClip(), undefined)).video as Clip;

describe("a power cut in the middle of a recording", () => {
	it("costs at most one second once the ring has drained, wherever it falls", async () => {
		const moments = fc.integer({ min: 1000, max: 4000 });
		const modes = fc.constantFrom("lose" as const, "tear" as const);
		await fc.assert(
			fc.asyncProperty(moments, modes, async (moment, mode) => {
				const camera = await bootCamera({ preRecordSeconds: 5, seed: moment });
				camera.advance(6_000);
				camera.press("start");
				camera.advance(moment);
				const cut = camera.now;
				camera.powerCut(mode, 500);
				camera.advanceUntil(() => camera.status().card.state === "ready", 5_000);
				camera.advanceUntil(() => camera.recordings()[0]?.state === "interrupted", 5_000);
				const { interrupted, video, sha256 } = camera.recording(1);
				expect(interrupted).toBe(true);
				expect(cut - video.lastMs).toBeLessThanOrEqual(1000);
				const age = camera.pullPart(1, "age");
				expect(createHash("sha256").update(age).digest()).toEqual(Buffer.from(sha256 ?? []));
				const { pictures } = await playBack(camera.decrypt(age).plaintext);
				expect(pictures.length).toBe(video.frames);
				expect(breaks(clip, framesOfClip(clip, pictures))).toEqual([]);
			}),
			{ numRuns: byEngine({ wasm: 12, "mps3-an547": 5 }), seed: 1 },
		);
	});

	it("leaves the earlier recordings and the numbering alone", async () => {
		const camera = await bootCamera({ preRecordSeconds: 2 });
		camera.advance(3_000);
		for (let number = 1; number <= 3; number++) {
			camera.press("start");
			camera.advance(2_000);
			camera.powerCut("tear", 200);
			camera.advance(3_000);
		}
		expect(camera.recordings().map(({ number, state }) => [number, state])).toEqual([
			[1, "interrupted"],
			[2, "interrupted"],
			[3, "interrupted"],
		]);
	});

	it("leaves a camera that records again at once", async () => {
		const camera = await bootCamera({ preRecordSeconds: 2 });
		camera.advance(3_000);
		camera.press("start");
		camera.advance(60_000);
		camera.powerCut("lose", 200);
		camera.advance(100);
		camera.press("start");
		camera.advance(1_000);
		expect(camera.status().capture.state).toBe("recording");
		camera.press("stop");
		camera.advance(2_000);
		expect(camera.recordings().map(({ state }) => state)).toEqual(["interrupted", "complete"]);
	});
});
