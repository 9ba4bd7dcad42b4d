import { describe, expect, it } from "vitest";
import { bootCamera } from "../testing/boot-camera.ts";
import { findSound, playBack } from "../testing/playback.ts";
import { record } from "../testing/record.ts";

describe("the announcement", () => {
	it("is spoken in German, then in English, from the trigger on", async () => {
		const camera = await bootCamera({ preRecordSeconds: 5 });
		camera.advance(8_000);
		const { announcement, trigger } = record(camera, 8);
		expect(announcement?.languages).toEqual(["de", "en"]);
		expect((announcement?.startMs ?? 0) - trigger.monotonicMs).toBeGreaterThanOrEqual(0);
		expect((announcement?.startMs ?? 0) - trigger.monotonicMs).toBeLessThan(200);
		expect((announcement?.endMs ?? 0) - (announcement?.startMs ?? 0)).toBeGreaterThan(3_000);
	});

	it("is heard in the recording itself, when the metadata says", async () => {
		const camera = await bootCamera({ preRecordSeconds: 5 });
		camera.advance(8_000);
		const { announcement, video, audio } = record(camera, 8);
		const { sound } = await playBack(camera.pull(1));
		if (!sound || !announcement || !audio) throw new Error("the recording has no sound or no announcement");
		const spoken = camera.speakerLog[0]?.samples;
		if (!spoken) throw new Error("the speaker played nothing");
		const origin = Math.min(video.firstMs, audio.firstMs);
		const expected = (announcement.startMs - origin) / 1000;
		const found = findSound(sound, spoken, expected - 0.3, expected + 0.3);
		expect(found.likeness).toBeGreaterThan(0.6);
		expect(Math.abs(found.at - expected)).toBeLessThan(0.06);
		const before = findSound(sound, spoken, 0, 0.5);
		expect(before.likeness).toBeLessThan(0.3);
	});

	it("is shown by the light and on the display", async () => {
		const camera = await bootCamera({ preRecordSeconds: 5 });
		camera.advance(6_000);
		const dark = camera.board.peripherals.indicators.state(0);
		camera.press("start");
		camera.advance(500);
		expect(camera.board.peripherals.indicators.state(0)).not.toEqual(dark);
		expect(camera.board.peripherals.display.text).toMatch(/aufgezeichnet|AUFNAHME|Aufnahme/);
		expect(camera.haptics.length).toBeGreaterThan(0);
	});
});
