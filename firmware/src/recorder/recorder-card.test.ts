import { planGeometry } from "@bodycam/protocol/card/superblock";
import { describe, expect, it } from "vitest";
import { nameOf, names, run, track } from "../testing/recorded-file.ts";
import { bootRecorder, steadySource } from "../testing/recorder-rig.ts";

const SECOND = 1_000_000;

describe("recorder and card", () => {
	it("loses nothing while the card stalls for two seconds during the drain", async () => {
		const rig = await bootRecorder();
		rig.recorder.arm({ seconds: 10, sound: true });
		await rig.seconds(15);
		rig.card.stallUntil(rig.timers.now() + 2 * SECOND);
		rig.begin();
		await rig.seconds(6);
		await rig.stop();
		const video = names(await rig.file(1));
		expect(video).toEqual(run(video[0] ?? 0, video.at(-1) ?? 0));
		expect(rig.closed[0]?.lost).toBeUndefined();
		expect(rig.drained[0]).toBeGreaterThan(2000);
	});

	it("counts what a longer stall costs, goes on at a keyframe and keeps times right", async () => {
		const rig = await bootRecorder({ arenaBytes: 400_000 });
		rig.recorder.arm({ seconds: 4, sound: true });
		await rig.seconds(10);
		rig.begin();
		await rig.seconds(1);
		rig.card.stallUntil(rig.timers.now() + 30 * SECOND);
		await rig.seconds(40);
		await rig.stop();
		const file = await rig.file(1);
		const video = names(file);
		const lost = (video.at(-1) ?? 0) - (video[0] ?? 0) + 1 - video.length;
		expect(lost).toBeGreaterThan(300);
		expect(rig.closed[0]?.lost?.frames).toBe(lost);
		const { samples } = track(file, "vide");
		for (let i = 1; i < samples.length; i++) {
			const step = (video[i] ?? 0) - (video[i - 1] ?? 0);
			if (step > 1) expect(samples[i]?.sync).toBe(true);
			expect((samples[i]?.decode ?? 0) - (samples[i - 1]?.decode ?? 0)).toBeCloseTo(step * 0.04, 5);
		}
	});

	it("records a new danger while the last recording is still being finished, and loses nothing of it", async () => {
		const rig = await bootRecorder({ camera: { format: { keyframesOnRequest: true } } });
		rig.recorder.arm({ seconds: 5, sound: true });
		await rig.seconds(10);
		rig.begin();
		await rig.seconds(3);
		rig.card.stallUntil(rig.timers.now() + 4 * SECOND);
		rig.recorder.stop({ time: rig.timers.now(), reason: "button" });
		await rig.seconds(0.5);
		expect(rig.recorder.status().state).toBe("finishing");
		const trigger = rig.timers.now();
		expect(rig.begin()).toBe(true);
		expect(rig.begin()).toBe(false);
		await rig.seconds(8);
		await rig.stop();
		expect(rig.closed.map(({ number }) => number)).toEqual([1, 2]);
		const first = names(await rig.file(1));
		const second = names(await rig.file(2));
		expect(first).toEqual(run(first[0] ?? 0, first.at(-1) ?? 0));
		expect(second).toEqual(run(second[0] ?? 0, second.at(-1) ?? 0));
		expect((second[0] ?? 0) - (first.at(-1) ?? 0)).toBeLessThan(25);
		expect(rig.camera.delivered[second[0] ?? 0]?.presentation).toBeLessThan(trigger + 100_000);
	});

	it("does not start without a card, and changes nothing then", async () => {
		const rig = await bootRecorder();
		rig.recorder.arm({ seconds: 5, sound: true });
		await rig.seconds(8);
		rig.card.remove();
		await rig.seconds(0.1);
		expect(() => rig.begin()).toThrow("memory card");
		expect(rig.recorder.status().state).toBe("armed");
		rig.card.insert();
		await rig.seconds(1);
		rig.begin();
		await rig.seconds(1);
		await rig.stop();
		expect(rig.closed[0]?.preRecord.reason).toBe("complete");
	});

	it("keeps what was recorded when the card is full, and stays armed", async () => {
		const rig = await bootRecorder({
			card: { sectors: 3 * 2048 },
			camera: { frame: steadySource(25, 20, 8000) },
		});
		rig.recorder.arm({ seconds: 2, sound: true });
		await rig.seconds(5);
		rig.begin();
		await rig.seconds(30);
		expect(rig.faults).toEqual([{ source: "card", fault: "full" }]);
		expect(rig.closed[0]).toMatchObject({ state: "complete", stop: { reason: "card-full" } });
		const video = names(await rig.file(1));
		expect(video).toEqual(run(video[0] ?? 0, video.at(-1) ?? 0));
		expect(rig.closed[0]?.video.frames).toBe(video.length);
		expect(rig.recorder.status().state).toBe("armed");
	});

	it("keeps what is safe when writing fails, and its metadata counts only that", async () => {
		const rig = await bootRecorder();
		rig.recorder.arm({ seconds: 2, sound: true });
		await rig.seconds(5);
		rig.begin();
		await rig.seconds(4);
		const { dataStart } = planGeometry(24 * 2048);
		rig.card.bad = (sector) => sector >= dataStart;
		await rig.seconds(4);
		expect(rig.faults).toEqual([{ source: "card", fault: "write-error" }]);
		const file = await rig.file(1);
		const video = names(file);
		expect(rig.closed[0]).toMatchObject({ stop: { reason: "card-error" }, video: { frames: video.length } });
		expect(rig.closed[0]?.audio?.packets).toBe(track(file, "soun").samples.length);
		expect(video.length).toBeGreaterThan(120);
	});

	it("leaves the recording to be closed later when the card is taken out, and stays armed", async () => {
		const rig = await bootRecorder();
		rig.recorder.arm({ seconds: 2, sound: true });
		await rig.seconds(5);
		rig.begin();
		await rig.seconds(4);
		rig.card.remove();
		await rig.seconds(2);
		expect(rig.faults).toEqual([{ source: "card", fault: "absent" }]);
		expect(rig.closed).toEqual([]);
		expect(rig.recorder.status().state).toBe("armed");
		rig.card.insert();
		await rig.seconds(2);
		expect(rig.recovered).toEqual([1]);
		expect(names(await rig.file(1)).length).toBeGreaterThan(120);
		expect(rig.begin()).toBe(true);
		await rig.seconds(1);
		await rig.stop();
		expect(rig.closed[0]?.number).toBe(2);
	});

	it("lacks less than a second when the power is cut while it records", async () => {
		const rig = await bootRecorder({ camera: { frame: steadySource(25, 250) } });
		rig.recorder.arm({ seconds: 5, sound: true });
		await rig.seconds(12);
		rig.begin();
		await rig.seconds(3);
		for (let i = 0; i < 25; i++) {
			await rig.timers.advance(70_000);
			const left = rig.card.afterPowerCut(() => 0);
			const again = await bootRecorder({ card: { image: left } });
			const { samples } = track(await again.file(1), "vide");
			const last = rig.camera.delivered[nameOf(samples.at(-1))]?.presentation ?? 0;
			expect(rig.timers.now() - last).toBeLessThan(SECOND);
		}
	});
});
