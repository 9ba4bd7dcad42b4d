import { describe, expect, it } from "vitest";
import { nameOf, names, record, track } from "../testing/recorded-file.ts";
import { bootRecorder, frameData, frameName, steadySource } from "../testing/recorder-rig.ts";

const SECOND = 1_000_000;

describe("recorder and its sources", () => {
	it("starts the picture at the next keyframe and sound at the cutoff with long groups, and says why", async () => {
		const rig = await bootRecorder({ camera: { frame: steadySource(25, 250) } });
		const { trigger, metadata, file } = await record(rig, 36, 5, 10);
		const first = rig.camera.delivered[names(file)[0] ?? 0];
		expect(first?.index).toBe(750);
		expect(first?.presentation).toBeGreaterThanOrEqual(trigger - 10 * SECOND);
		expect(metadata?.preRecord.reason).toBe("keyframe");
		expect(metadata?.preRecord.audioMs).toBeGreaterThan(9_900);
		expect(track(file, "vide").samples[0]?.presentation).toBeGreaterThan(3);
		expect(track(file, "soun").samples[0]?.decode).toBe(0);
	});

	it("asks for a keyframe when the newest is older than a second, and at the trigger", async () => {
		const rig = await bootRecorder({
			camera: { frame: steadySource(25, 100_000), format: { keyframesOnRequest: true } },
		});
		const { trigger, metadata, file } = await record(rig, 20, 4, 10);
		expect(metadata?.preRecord.reason).toBe("complete");
		const keys = rig.camera.delivered.filter(({ keyframe }) => keyframe);
		for (let i = 1; i < keys.length; i++)
			expect((keys[i]?.presentation ?? 0) - (keys[i - 1]?.presentation ?? 0)).toBeLessThan(1.2 * SECOND);
		expect(keys.some(({ presentation }) => Math.abs(presentation - trigger) < 100_000)).toBe(true);
		expect(names(file).length).toBeGreaterThan(320);
	});

	it("lowers the bit rate on arming where the configured length would not fit", async () => {
		const rig = await bootRecorder({
			arenaBytes: 1_000_000,
			camera: { format: { bitRate: 2_000_000, bitRateAdjustable: true } },
		});
		rig.recorder.arm({ seconds: 10, sound: true });
		await rig.seconds(1);
		const { preRecord } = rig.recorder.status();
		expect(preRecord).toMatchObject({ bitRateLowered: true, capacityMs: 10_000 });
		expect(preRecord.bitRate).toBeLessThan(620_000);
		expect(rig.camera.configured).toEqual([0, preRecord.bitRate]);
	});

	it("keeps no sound from before the trigger when the policy says so, and does not listen", async () => {
		const rig = await bootRecorder();
		rig.recorder.arm({ seconds: 5, sound: false });
		await rig.seconds(10);
		expect(rig.microphone?.starts).toBe(0);
		rig.begin();
		await rig.seconds(3);
		await rig.stop();
		expect(rig.closed[0]?.preRecord).toMatchObject({ reason: "complete", audioMs: 0 });
		expect(rig.closed[0]?.audio?.packets).toBeGreaterThan(70);
		expect(rig.microphone?.running).toBe(false);
	});

	it("records without a microphone", async () => {
		const rig = await bootRecorder({ microphone: false });
		const { metadata, file } = await record(rig, 10, 3, 5);
		expect(file.tracks.map(({ handler }) => handler)).toEqual(["vide"]);
		expect(metadata?.audio).toBeUndefined();
	});

	it("gives up waiting for a microphone that says nothing", async () => {
		const rig = await bootRecorder();
		rig.microphone?.skip(60 * SECOND);
		const { file } = await record(rig, 10, 3, 5);
		expect(file.tracks.map(({ handler }) => handler)).toEqual(["vide"]);
		expect(names(file).length).toBeGreaterThan(180);
	});

	it("goes on with sound when the camera dies, and says so", async () => {
		const rig = await bootRecorder();
		rig.recorder.arm({ seconds: 5, sound: true });
		await rig.seconds(10);
		rig.begin();
		await rig.seconds(2);
		rig.camera.fail(7);
		await rig.seconds(4);
		await rig.stop();
		expect(rig.faults).toEqual([{ source: "camera", code: 7 }]);
		const sound = track(await rig.file(1), "soun").samples;
		expect(sound.length).toBeGreaterThan(270);
		expect(rig.closed[0]?.video.frames).toBeLessThan(180);
	});

	it("writes sound on time when no picture comes", async () => {
		const rig = await bootRecorder({ camera: { frame: steadySource(25, 100_000) } });
		rig.recorder.arm({ seconds: 2, sound: true });
		await rig.seconds(10);
		rig.begin();
		await rig.seconds(8);
		expect(rig.store.find(1)?.bytes).toBeGreaterThan(8 * 25 * 60);
		await rig.stop();
		expect(rig.closed[0]?.video.frames).toBe(0);
		expect(rig.closed[0]?.preRecord).toMatchObject({ deliveredMs: 0, reason: "keyframe" });
	});

	it("goes on in another file when the camera's format changes", async () => {
		const rig = await bootRecorder();
		rig.recorder.arm({ seconds: 2, sound: true });
		await rig.seconds(5);
		rig.begin();
		await rig.seconds(4);
		rig.camera.change({ configuration: Uint8Array.of(1, 0x4d, 0, 0x28, 0xff, 0xe0, 0) });
		await rig.seconds(4);
		await rig.stop();
		expect(rig.closed.length).toBe(2);
		expect(track(await rig.file(2), "vide").configuration[1]).toBe(0x4d);
		const first = names(await rig.file(1));
		const second = names(await rig.file(2));
		expect((second[0] ?? 0) - (first.at(-1) ?? 0)).toBeLessThanOrEqual(20);
	});

	it("has parameter sets although none are in the frames it keeps", async () => {
		const rig = await bootRecorder();
		const { file } = await record(rig, 100, 2, 5);
		expect(track(file, "vide").configuration.length).toBeGreaterThan(6);
		expect(names(file)[0]).toBeGreaterThan(2000);
	});

	it("presents reordered pictures at their times, the edit list takes the delay off", async () => {
		const order = [0, 3, 1, 2];
		const frame = (index: number) => {
			const base = index - (index % 4);
			const shown = base + (order[index % 4] ?? 0);
			return {
				data: frameData(index, 500),
				keyframe: index % 20 === 0,
				presentation: (shown + 1) * 40_000,
				decode: index * 40_000,
			};
		};
		const rig = await bootRecorder({ camera: { frame } });
		const { file } = await record(rig, 8, 3, 5);
		const video = track(file, "vide");
		expect(video.mediaTime).toBe(40_000);
		const sound = track(file, "soun");
		const soundStart = rig.microphone?.delivered[nameOf(sound.samples[0])]?.capture ?? 0;
		for (const { data, presentation } of video.samples) {
			const source = rig.camera.delivered[frameName(data)];
			expect(presentation).toBeCloseTo(((source?.presentation ?? 0) - soundStart) / 1e6, 6);
		}
		expect(sound.mediaTime).toBe(312);
	});

	it("keeps the times of a source with a variable frame rate", async () => {
		const times: number[] = [];
		for (let i = 0, time = 0; i < 600; i++) {
			times.push(time);
			time += [16_667, 33_333, 100_000, 7_001, 250_013][(i * 7) % 5] ?? 0;
		}
		const frame = (index: number) => {
			const time = times[index];
			if (time === undefined) return undefined;
			return { data: frameData(index, 500), keyframe: index % 12 === 0, presentation: time, decode: time };
		};
		const rig = await bootRecorder({ camera: { frame } });
		const { file } = await record(rig, 8, 5, 5);
		const { samples } = track(file, "vide");
		const first = rig.camera.delivered[nameOf(samples[0])]?.presentation ?? 0;
		for (const sample of samples) {
			const source = rig.camera.delivered[frameName(sample.data)]?.presentation ?? 0;
			const offset = samples[0]?.presentation ?? 0;
			expect(sample.presentation - offset).toBeCloseTo((source - first) / 1e6, 6);
		}
	});

	it("keeps picture and sound together when the microphone's clock is off", async () => {
		const rig = await bootRecorder({ microphone: { stretch: 1.0005 }, card: { sectors: 64 * 2048 } });
		const { file } = await record(rig, 5, 120, 2);
		const sound = track(file, "soun");
		const video = track(file, "vide");
		const origin =
			(rig.camera.delivered[nameOf(video.samples[0])]?.presentation ?? 0) -
			(video.samples[0]?.presentation ?? 0) * 1e6;
		for (const { data, decode } of sound.samples) {
			const capture = rig.microphone?.delivered[frameName(data)]?.capture ?? 0;
			expect(Math.abs(decode - (capture - origin) / 1e6)).toBeLessThan(0.011);
		}
	});

	it("releases every frame it was given", async () => {
		const rig = await bootRecorder();
		await record(rig, 10, 3, 5);
		rig.recorder.disarm();
		expect(rig.camera.leased).toBe(0);
	});

	it("counts frames that the camera itself lost and waits for a keyframe", async () => {
		const rig = await bootRecorder();
		rig.recorder.arm({ seconds: 2, sound: true });
		await rig.seconds(5);
		rig.begin();
		await rig.seconds(1.1);
		rig.camera.overrun(3);
		await rig.seconds(4);
		await rig.stop();
		expect(rig.closed[0]?.lost?.frames).toBeGreaterThan(3);
		const { samples } = track(await rig.file(1), "vide");
		const gap = samples.findIndex(({ data }, i) => i > 0 && frameName(data) !== nameOf(samples[i - 1]) + 1);
		expect(samples[gap]?.sync).toBe(true);
	});
});
