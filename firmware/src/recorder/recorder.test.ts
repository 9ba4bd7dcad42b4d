import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { nameOf, names, record, track } from "../testing/recorded-file.ts";
import { bootRecorder, frameName, steadySource } from "../testing/recorder-rig.ts";

const SECOND = 1_000_000;

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
				: rig.camera.delivered[nameOf(video[0])]?.presentation;
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
		const sound = nameOf(track(file, "soun").samples[0]);
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
});
