import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { CameraFileError } from "../container/camera-file-error.ts";
import { defaultClip } from "../root.ts";
import { OpusCodec } from "../sound/opus.ts";
import { PACKET_SAMPLES, PACKET_TIME } from "../sound/pcm.ts";
import { ffmpeg, hasFfmpeg, ScratchDirectory } from "../testing/ffmpeg.ts";
import { loadScene } from "./load-scene.ts";

const scratch = new ScratchDirectory();
afterAll(() => scratch.remove());

const PICTURE = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=4"];
const TONE = ["-f", "lavfi", "-i", "sine=frequency=440:duration=4"];
const H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];

function clip(name: string, ...options: string[]): string {
	const path = scratch.file(name);
	ffmpeg(...PICTURE, ...options, path);
	return path;
}

async function faultOf(path: string): Promise<string> {
	const error = await loadScene(path).catch((reason: unknown) => reason);
	if (!(error instanceof CameraFileError)) throw new Error(`not refused: ${String(error)}`);
	expect(error.message).toContain(path);
	expect(error.hint).not.toBe("");
	expect([1, 2]).toContain(error.exitCode);
	return error.fault;
}

describe("the project's clip", () => {
	it("is 24 s of 640x360 at 25 frames a second in closed groups of 20", async () => {
		const { video } = await loadScene(defaultClip());
		expect(video.period).toBe(24_000_000);
		expect(video.format).toMatchObject({
			width: 640,
			height: 360,
			frameTime: 40_000,
			keyframesOnRequest: false,
		});
		expect(video.format.bitRate).toBeGreaterThan(400_000);
		const { data, keyframe, presentation, decode, delay } = video.units;
		expect(data.length).toBe(600);
		expect([...keyframe].flatMap((flag, index) => (flag === 1 ? [index] : []))).toEqual(
			Array.from({ length: 30 }, (_value, index) => index * 20),
		);
		expect([...presentation]).toEqual(Array.from({ length: 600 }, (_value, index) => index * 40_000));
		expect([...decode]).toEqual([...presentation]);
		expect(delay).toBe(0);
	});

	it("beeps at every whole second, in the packets and in the samples", async () => {
		const { sound, soundNote } = await loadScene(defaultClip());
		expect(soundNote).toBeUndefined();
		const codec = new OpusCodec();
		const pcm = new Int16Array(PACKET_SAMPLES);
		const loud = (samples: Int16Array) => samples.some((sample) => Math.abs(sample) > 5000);
		const heard: boolean[] = [];
		const seen: boolean[] = [];
		for (let packet = 0; packet < 600; packet++) {
			heard.push(loud(codec.decode(sound.packetAt(packet * PACKET_TIME))));
			sound.read(packet * PACKET_TIME, pcm);
			seen.push(loud(pcm));
		}
		codec.close();
		// The decoder is 6.5 ms late (pre-skip), so the end of a beep reaches into a third packet.
		const beeps = Array.from({ length: 600 }, (_value, packet) => packet % 25 < 3);
		expect(heard).toEqual(beeps);
		expect(seen).toEqual(Array.from({ length: 600 }, (_value, packet) => packet % 25 < 2));
	});

	it("is read once for all cameras", async () => {
		expect((await loadScene(defaultClip())).video).toBe((await loadScene(defaultClip())).video);
	});
});

describe("files that cannot be a scene", () => {
	it("says that a file is missing, with the exit code of a usage error", async () => {
		const error = await loadScene("/nowhere/at/all.mp4").catch((reason: unknown) => reason);
		expect(error).toMatchObject({ fault: "missing", exitCode: 2 });
	});

	it("says that a file is empty", async () => {
		writeFileSync(scratch.file("empty.mp4"), "");
		expect(await faultOf(scratch.file("empty.mp4"))).toBe("empty");
	});

	it("says that a directory is not a file", async () => {
		mkdirSync(scratch.file("directory"));
		expect(await faultOf(scratch.file("directory"))).toBe("unreadable");
	});

	it("says that a text is not a video", async () => {
		writeFileSync(scratch.file("text.mp4"), "this is a text\n".repeat(1000));
		expect(await faultOf(scratch.file("text.mp4"))).toBe("not-a-video");
	});

	it("says that a file is cut off, wherever it is cut", async () => {
		const whole = readFileSync(defaultClip());
		for (const share of [0.001, 0.005, 0.1, 0.5, 0.99]) {
			const path = scratch.file(`cut-${share}.mp4`);
			writeFileSync(path, whole.subarray(0, Math.round(whole.length * share)));
			expect(await faultOf(path)).toBe("truncated");
		}
	});

	it("survives damage anywhere in the header: a clear error, or a clip", async () => {
		const whole = readFileSync(defaultClip());
		for (let seed = 0; seed < 40; seed++) {
			const damaged = Buffer.from(whole);
			for (let hit = 0; hit < 4; hit++)
				damaged[(seed * 131 + hit * 2711) % 9000] = (seed * 7 + hit * 93) & 0xff;
			const path = scratch.file(`damaged-${seed}.mp4`);
			writeFileSync(path, damaged);
			const result = await loadScene(path).catch((reason: unknown) => reason);
			if (result instanceof Error) expect(result).toBeInstanceOf(CameraFileError);
		}
	});
});

describe.skipIf(!hasFfmpeg)("files made with ffmpeg", () => {
	it("says that H.265 is not H.264 and how to convert it", async () => {
		const path = clip("hevc.mp4", "-c:v", "libx265", "-x265-params", "log-level=none");
		expect(await faultOf(path)).toBe("wrong-codec");
		await expect(loadScene(path)).rejects.toThrow(/H\.265/);
	});

	it("says that a file of sound has no picture", async () => {
		const path = scratch.file("sound.mp4");
		ffmpeg(...TONE, "-c:a", "aac", path);
		expect(await faultOf(path)).toBe("no-picture");
	});

	it("says that a video has no keyframe", async () => {
		const whole = clip("group.mp4", ...H264, "-g", "25", "-bf", "0");
		const path = scratch.file("no-key.mp4");
		ffmpeg("-i", whole, "-c", "copy", "-bsf:v", "filter_units=remove_types=5", path);
		expect(await faultOf(path)).toBe("no-keyframes");
	});

	it("orders B-frames: decode never after presentation, arrival never before it", async () => {
		const { video } = await loadScene(clip("b.mp4", ...H264, "-preset", "medium", "-bf", "3", "-g", "50"));
		const { presentation, decode, delay } = video.units;
		expect(delay).toBeGreaterThan(0);
		expect([...presentation]).not.toEqual([...presentation].sort((a, b) => a - b));
		presentation.forEach((time, index) => {
			expect(decode[index] ?? 0).toBeLessThanOrEqual(time);
			expect((decode[index] ?? 0) + delay).toBeGreaterThanOrEqual(time);
			if (index > 0) expect(decode[index] ?? 0).toBeGreaterThan(decode[index - 1] ?? 0);
		});
		expect(video.period).toBe(4_000_000);
	});

	it("keeps a variable frame rate", async () => {
		const select = ["-vf", "select='not(mod(n,3))+lt(n,30)'", "-vsync", "vfr"];
		const { video } = await loadScene(clip("vfr.mp4", ...select, ...H264, "-bf", "0"));
		const gaps = new Set([...video.units.presentation].map((t, i, all) => t - (all[i - 1] ?? t - 40_000)));
		expect([...gaps].sort((a, b) => a - b)).toEqual([40_000, 120_000]);
	});

	it("reads uncompressed sound, and puts an ambience in the place of AAC and of no sound, and says so", async () => {
		const level = async (path: string) => {
			const { sound, soundNote } = await loadScene(path);
			const pcm = new Int16Array(16_000);
			sound.read(1_000_000, pcm);
			return { peak: pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0), soundNote };
		};
		const pcm = await level(clip("pcm.mov", ...TONE, ...H264, "-c:a", "pcm_s16le"));
		expect(pcm.soundNote).toBeUndefined();
		expect(pcm.peak).toBeGreaterThan(2_000);
		const opus = await level(clip("opus.mp4", ...TONE, ...H264, "-ac", "2", "-c:a", "libopus"));
		expect(opus.soundNote).toBeUndefined();
		expect(opus.peak).toBeGreaterThan(2_000);
		const aac = await level(clip("aac.mp4", ...TONE, ...H264, "-c:a", "aac"));
		expect(aac.soundNote).toMatch(/AAC/);
		expect(aac.peak).toBeLessThan(1_000);
		const none = await level(clip("none.mp4", ...H264));
		expect(none.soundNote).toMatch(/no sound/);
		expect(none.peak).toBeGreaterThan(0);
	});

	it("hears a WAV file, or nothing, instead of the clip's sound", async () => {
		const wav = scratch.file("tone.wav");
		ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=1.5:sample_rate=44100", "-ac", "2", wav);
		const { sound } = await loadScene(defaultClip(), wav);
		expect(sound.period).toBe(1_500_000);
		const pcm = new Int16Array(16_000);
		sound.read(250_000, pcm);
		const crossings = pcm.filter(
			(sample, index) => index > 0 && sample >= 0 && (pcm[index - 1] ?? 0) < 0,
		).length;
		expect(Math.abs(crossings - 440)).toBeLessThan(3);
		(await loadScene(defaultClip(), "none")).sound.read(0, pcm);
		expect(pcm.every((sample) => sample === 0)).toBe(true);
	});
});
