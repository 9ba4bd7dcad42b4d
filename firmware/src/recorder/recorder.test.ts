import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Mp4File, Mp4Track } from "../testing/mp4-inspection.ts";
import {
	bootRecorder,
	frameData,
	frameName,
	type RecorderRig,
	steadySource,
} from "../testing/recorder-rig.ts";

const SECOND = 1_000_000;

function track(file: Mp4File, handler: string): Mp4Track {
	const found = file.tracks.find((candidate) => candidate.handler === handler);
	if (!found) throw new Error(`no track ${handler}`);
	return found;
}

const names = (file: Mp4File) => track(file, "vide").samples.map(({ data }) => frameName(data));

function run(from: number, to: number): number[] {
	return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Arms, waits, records, stops. */
async function record(rig: RecorderRig, armed: number, recorded: number, seconds: number, sound = true) {
	rig.recorder.arm({ seconds, sound });
	await rig.seconds(armed);
	const trigger = rig.timers.now();
	rig.begin();
	await rig.seconds(recorded);
	const stop = rig.timers.now();
	await rig.stop();
	return { trigger, stop, metadata: rig.closed.at(-1), file: await rig.file(rig.closed.at(-1)?.number ?? 0) };
}

describe("recorder", () => {
	it("delivers the configured seconds within a group of pictures, never more, without a seam", async () => {
		const rig = await bootRecorder();
		const { trigger, stop, metadata, file } = await record(rig, 30, 5, 10);
		const video = names(file);
		const delivered = rig.camera.delivered;
		const first = delivered.findIndex(({ index }) => index === video[0]);
		const expected = delivered.filter(({ presentation }, i) => i >= first && presentation <= stop);
		expect(video).toEqual(expected.map(({ index }) => index));
		expect(delivered[first]?.keyframe).toBe(true);
		const before = trigger - (delivered[first]?.presentation ?? 0);
		expect(before).toBeLessThanOrEqual(10 * SECOND);
		expect(before).toBeGreaterThan(9.2 * SECOND);
		expect(metadata).toMatchObject({
			state: "complete",
			interrupted: false,
			trigger: {
				framesBefore: expected.filter(({ presentation }) => presentation < trigger).length,
				framesAfter: expected.filter(({ presentation }) => presentation >= trigger).length,
			},
			preRecord: { configuredMs: 10_000, deliveredMs: Math.floor(before / 1000), reason: "complete" },
			stop: { monotonicMs: Math.floor(stop / 1000), reason: "button" },
		});
	});

	it("puts every frame's bytes into the file as they came, with its time", async () => {
		const rig = await bootRecorder();
		const { file, metadata } = await record(rig, 12, 3, 5);
		const video = track(file, "vide").samples;
		const origin =
			(metadata?.preRecord.audioMs ?? 0) > (metadata?.preRecord.deliveredMs ?? 0) ? "sound" : "video";
		const start =
			origin === "sound"
				? rig.microphone?.delivered.find(({ data }) =>
						Buffer.from(data).equals(track(file, "soun").samples[0]?.data ?? new Uint8Array()),
					)?.capture
				: rig.camera.delivered[frameName(video[0]?.data as Uint8Array)]?.presentation;
		for (const { data, presentation } of video) {
			const source = rig.camera.delivered[frameName(data)];
			expect(Buffer.compare(data, source?.data as Uint8Array)).toBe(0);
			expect(presentation).toBeCloseTo(((source?.presentation ?? 0) - (start ?? 0)) / 1e6, 6);
		}
	});

	it("begins sound at the cutoff and keeps it whole across the seam", async () => {
		const rig = await bootRecorder();
		const { trigger, stop, metadata, file } = await record(rig, 30, 5, 10);
		const sound = track(file, "soun").samples.map(({ data }) => frameName(data));
		const packets = rig.microphone?.delivered ?? [];
		const expected = packets.flatMap(({ capture }, i) =>
			capture >= trigger - 10 * SECOND && capture <= stop ? [i] : [],
		);
		expect(sound).toEqual(expected);
		expect(metadata?.preRecord.audioMs).toBeGreaterThan(9_900);
		expect(metadata?.audio?.packets).toBe(expected.length);
	});

	it("says bytes and digest of the file", async () => {
		const rig = await bootRecorder();
		const { metadata } = await record(rig, 5, 3, 2);
		const bytes = await rig.read(1);
		expect(metadata?.bytes).toBe(bytes.length);
		expect(Buffer.from(metadata?.sha256 ?? []).toString("hex")).toBe(
			createHash("sha256").update(bytes).digest("hex"),
		);
	});

	it("ends fragments at keyframes and at the latest after 800 ms", async () => {
		const rig = await bootRecorder({ camera: { frame: steadySource(25, 75) } });
		const { file } = await record(rig, 10, 10, 5);
		const { samples } = track(file, "vide");
		for (let i = 1; i < samples.length; i++)
			if (samples[i]?.sync) expect(samples[i]?.fragment).not.toBe(samples[i - 1]?.fragment);
		for (let fragment = 0; fragment < file.fragments.length; fragment++) {
			const inside = samples.filter((sample) => sample.fragment === fragment);
			const length = inside.reduce((sum, { duration }) => sum + duration, 0);
			expect(length).toBeLessThan(0.800_001);
		}
	});

	it("lists keyframes at the end for seeking", async () => {
		const rig = await bootRecorder();
		const { file } = await record(rig, 10, 5, 5);
		const video = track(file, "vide");
		const keys = video.samples.filter(({ sync }) => sync);
		expect(file.top.at(-1)).toBe("mfra");
		expect(file.seekTable).toEqual(
			keys.map(({ decode, fragment }) => ({
				time: Math.round(decode * 1e6),
				moof: file.fragments[fragment],
			})),
		);
	});

	it("keeps nothing from before the trigger when the length is 0, and says it is off", async () => {
		const rig = await bootRecorder();
		const { trigger, metadata, file } = await record(rig, 10, 3, 0);
		const first = rig.camera.delivered[names(file)[0] ?? 0];
		expect(first?.presentation).toBeGreaterThanOrEqual(trigger);
		const sound = frameName(track(file, "soun").samples[0]?.data as Uint8Array);
		expect(rig.microphone?.delivered[sound]?.capture).toBeGreaterThanOrEqual(trigger);
		expect(metadata?.preRecord).toMatchObject({ configuredMs: 0, deliveredMs: 0, audioMs: 0, reason: "off" });
	});

	it("records from off: starts the camera at the trigger and turns it off again", async () => {
		const rig = await bootRecorder();
		rig.begin();
		await rig.seconds(3);
		await rig.stop();
		expect(names(await rig.file(1)).slice(0, 3)).toEqual([0, 1, 2]);
		expect(rig.recorder.status().state).toBe("off");
		expect(rig.microphone?.running).toBe(false);
		expect(rig.states).toEqual(["recording", "finishing", "off"]);
	});

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

	it("says that it was armed too late", async () => {
		const rig = await bootRecorder();
		const { metadata } = await record(rig, 4, 2, 10);
		expect(metadata?.preRecord).toMatchObject({ reason: "arming" });
		expect(metadata?.preRecord.deliveredMs).toBeGreaterThan(3_900);
	});

	it("says that the arena was too small, before and after", async () => {
		const rig = await bootRecorder({ arenaBytes: 300_000, camera: { format: { bitRate: 600_000 } } });
		rig.recorder.arm({ seconds: 10, sound: true });
		await rig.seconds(1);
		expect(rig.recorder.status().preRecord.capacityMs).toBeLessThan(1000);
		await rig.seconds(19);
		rig.begin();
		await rig.seconds(2);
		await rig.stop();
		expect(rig.closed[0]?.preRecord).toMatchObject({ reason: "arena" });
		expect(rig.closed[0]?.preRecord.deliveredMs).toBeGreaterThan(2_000);
		expect(rig.closed[0]?.lost).toBeUndefined();
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

	it("overwrites what it drained, what expired and what was staged", async () => {
		const rig = await bootRecorder();
		await record(rig, 10, 3, 5);
		rig.recorder.disarm();
		await rig.seconds(1);
		const { memory, arena } = rig;
		expect(memory.bytes.subarray(arena.at, arena.at + arena.bytes).every((byte) => byte === 0)).toBe(true);
		const needle = Buffer.from(rig.camera.delivered[200]?.data ?? []).subarray(0, 64);
		const own = Buffer.from(memory.bytes.buffer, 0, arena.at + arena.bytes);
		expect(own.subarray(arena.at).includes(needle)).toBe(false);
		expect(own.subarray(256 * 1024, 256 * 1024 + 1024 * 1024).every((byte) => byte === 0)).toBe(true);
	});

	it("starts empty again after a stop", async () => {
		const rig = await bootRecorder();
		const { stop } = await record(rig, 15, 2, 10);
		await rig.seconds(3);
		const trigger = rig.timers.now();
		rig.begin();
		await rig.seconds(2);
		await rig.stop();
		const first = rig.camera.delivered[names(await rig.file(2))[0] ?? 0];
		expect(first?.presentation).toBeGreaterThan(stop);
		expect(rig.closed[1]?.preRecord).toMatchObject({
			reason: "arming",
			deliveredMs: Math.floor((trigger - (first?.presentation ?? 0)) / 1000),
		});
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
		rig.card.fail("write", 2);
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
		const soundStart =
			rig.microphone?.delivered[frameName(sound.samples[0]?.data as Uint8Array)]?.capture ?? 0;
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
		const first = rig.camera.delivered[frameName(samples[0]?.data as Uint8Array)]?.presentation ?? 0;
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
			(rig.camera.delivered[frameName(video.samples[0]?.data as Uint8Array)]?.presentation ?? 0) -
			(video.samples[0]?.presentation ?? 0) * 1e6;
		for (const { data, decode } of sound.samples) {
			const capture = rig.microphone?.delivered[frameName(data)]?.capture ?? 0;
			expect(Math.abs(decode - (capture - origin) / 1e6)).toBeLessThan(0.011);
		}
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
			const last = rig.camera.delivered[frameName(samples.at(-1)?.data as Uint8Array)]?.presentation ?? 0;
			expect(rig.timers.now() - last).toBeLessThan(SECOND);
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
		const gap = samples.findIndex(
			({ data }, i) => i > 0 && frameName(data) !== frameName(samples[i - 1]?.data as Uint8Array) + 1,
		);
		expect(samples[gap]?.sync).toBe(true);
	});
});
