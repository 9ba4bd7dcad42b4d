import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { DemoReport } from "../operations/demo/report.ts";
import type { TestBench } from "./testing/bench.ts";
import { benchTest } from "./testing/bench-test.ts";
import {
	decodingComplaints,
	findRun,
	frameHashes,
	frameTimes,
	haveFfmpeg,
	makeWithFfmpeg,
} from "./testing/ffmpeg.ts";

const LIMIT_MS = 180_000;

/** A tone, for clips that have sound. */
const TONE = ["-f", "lavfi", "-i", "sine=frequency=440"];

/** What a demonstration with a user's clip left behind. */
interface Result {
	readonly report: DemoReport;
	readonly stdout: string;
	readonly recording: string;
	readonly clip: string;
}

/** Makes a clip with ffmpeg and runs the demo with it: 10 s before the trigger, 4 s after it. */
async function demonstrate(bench: TestBench, ffmpegArguments: readonly string[]): Promise<Result> {
	const clip = bench.path("clip.mp4");
	await makeWithFfmpeg([...ffmpegArguments, clip]);
	const stdout = await bench.ok(
		"demo",
		"--camera",
		clip,
		"--pre-record",
		"10",
		"--record",
		"4",
		"--seed",
		"1",
	);
	const recording = join(bench.directory, "out", "recording.mp4");
	const report = JSON.parse(readFileSync(join(bench.directory, "out", "recording.json"), "utf8"));
	return { report, stdout, recording, clip };
}

/** A test picture in which every frame is different. */
function picture(size: string, rate: number, seconds: number): string[] {
	return ["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`];
}

function x264(...parameters: string[]): string[] {
	return ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", ...parameters];
}

/** What holds for every clip: it decodes cleanly, is an unbroken run of the source, and nothing is older than allowed. */
async function expectFaithful({ clip, recording, report }: Result): Promise<void> {
	expect(await decodingComplaints(recording)).toBe("");
	const frames = await frameHashes(recording);
	expect(frames).toHaveLength(report.video.frames);
	expect(findRun(await frameHashes(clip), frames)).toBeDefined();
	expect(report.preRecord.deliveredMs).toBeLessThanOrEqual(10_000);
	expect(report.preRecord.audioMs).toBeLessThanOrEqual(10_000);
}

describe.skipIf(!haveFfmpeg())("the demo with a clip", () => {
	benchTest(
		"with B-frames keeps their order",
		async ({ bench }) => {
			const result = await demonstrate(bench, [
				...picture("320x180", 30, 8),
				...x264("-bf", "3", "-b_strategy", "0", "-g", "60", "-sc_threshold", "0"),
			]);
			await expectFaithful(result);
			expect(result.report.preRecord.deliveredMs).toBeGreaterThan(8000);
			const times = await frameTimes(result.recording);
			expect(times).toEqual([...times].sort((a, b) => a - b));
		},
		LIMIT_MS,
	);

	benchTest(
		"whose groups of pictures last 10 s starts at the next keyframe, its sound at the cutoff",
		async ({ bench }) => {
			const result = await demonstrate(bench, [
				...picture("320x180", 25, 30),
				...TONE,
				...x264("-bf", "0", "-g", "250", "-keyint_min", "250", "-sc_threshold", "0"),
				...["-c:a", "aac", "-shortest"],
			]);
			await expectFaithful(result);
			expect(result.report.preRecord.reason).toBe("keyframe");
			expect(result.report.preRecord.audioMs).toBeGreaterThan(9900);
			expect(result.report.preRecord.deliveredMs).toBeLessThan(result.report.preRecord.audioMs);
		},
		LIMIT_MS,
	);

	benchTest(
		"of variable frame rate keeps the time of every frame",
		async ({ bench }) => {
			const result = await demonstrate(bench, [
				...picture("320x180", 50, 9),
				...["-vf", "select='not(mod(n,3))+lt(mod(n,40),10)'", "-fps_mode", "vfr"],
				...x264("-bf", "0", "-g", "20"),
			]);
			await expectFaithful(result);
			const first = findRun(await frameHashes(result.clip), await frameHashes(result.recording)) ?? 0;
			const source = steps(await frameTimes(result.clip)).slice(first);
			const recorded = steps(await frameTimes(result.recording)).slice(0, source.length);
			expect(
				new Set(recorded.map((step) => Math.round(step * 50))).size,
				"steps of different length",
			).toBeGreaterThan(1);
			recorded.forEach((step, index) => {
				expect(step, `step ${index}`).toBeCloseTo(source[index] ?? 0, 2);
			});
		},
		LIMIT_MS,
	);

	benchTest(
		"without sound hears a faint ambience and says so",
		async ({ bench }) => {
			const result = await demonstrate(bench, [...picture("320x180", 25, 4), ...x264("-g", "25")]);
			await expectFaithful(result);
			expect(result.stdout).toContain("no sound");
			expect(result.report.audio?.packets).toBeGreaterThan(300);
		},
		LIMIT_MS,
	);

	benchTest(
		"in 1080p at 8 Mbit/s delivers all 10 s",
		async ({ bench }) => {
			const result = await demonstrate(bench, [
				...["-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=30:duration=4,noise=alls=20:allf=t"],
				...x264("-b:v", "8M", "-maxrate", "8M", "-bufsize", "4M", "-g", "30"),
			]);
			await expectFaithful(result);
			expect(result.report.video.bitRate).toBeGreaterThan(7_000_000);
			expect(result.report.preRecord.deliveredMs).toBeGreaterThan(9000);
		},
		LIMIT_MS,
	);
});

/** Times from each frame to the next, seconds. */
function steps(times: readonly number[]): number[] {
	return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}
