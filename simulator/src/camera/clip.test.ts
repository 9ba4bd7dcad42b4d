import { describe, expect, it } from "vitest";
import { Clip } from "./clip.ts";
import type { Scene } from "./video-source.ts";

/** Two groups of three frames with a B-frame in each (I P b), 100 ms apart. */
function clip(): Clip {
	const times = Float64Array.of(0, 200, 100, 300, 500, 400).map((ms) => ms * 1000);
	return new Clip(
		{
			data: Array.from({ length: 6 }, (_value, index) => Uint8Array.of(index)),
			presentation: times,
			decode: Float64Array.of(-100, 0, 100, 200, 300, 400).map((ms) => ms * 1000),
			keyframe: Uint8Array.of(1, 0, 0, 1, 0, 0),
			delay: 200_000,
			period: 600_000,
		},
		{ configuration: new Uint8Array(), width: 1, height: 1, frameTime: 100_000, bitRate: 1 },
	);
}

function play(scene: Scene, start: number, count: number) {
	const stream = clip().open(scene);
	stream.start(start);
	const frames = [];
	for (let index = 0; index < count; index++) {
		const { presentation, decode, arrival, keyframe, unit } = stream;
		frames.push({ presentation, decode, arrival, keyframe, unit: unit[0] });
		stream.advance();
	}
	return frames;
}

describe("Clip", () => {
	it("goes on without a gap from round to round", () => {
		const frames = play({ epoch: undefined }, 7_000, 18);
		const shown = frames.map(({ presentation }) => presentation).sort((a, b) => a - b);
		expect(shown).toEqual(Array.from({ length: 18 }, (_value, index) => 7_000 + index * 100_000));
		frames.forEach(({ arrival, presentation, decode }, index) => {
			expect(arrival).toBeGreaterThanOrEqual(presentation);
			expect(decode).toBeLessThanOrEqual(presentation);
			if (index > 0) expect(arrival - (frames[index - 1]?.arrival ?? 0)).toBe(100_000);
		});
	});

	it("begins again at the last keyframe before where the scene is, and sets the scene back with it", () => {
		const scene: Scene = { epoch: undefined };
		play(scene, 0, 1);
		const [first] = play(scene, 600_000 + 450_000, 1);
		expect(first).toMatchObject({ unit: 3, keyframe: true, presentation: 1_050_000 });
		expect(scene.epoch).toBe(750_000);
	});
});
