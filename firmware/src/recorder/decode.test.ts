import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inspectMp4, type Mp4Track } from "../testing/mp4-inspection.ts";
import { bootRecorder } from "../testing/recorder-rig.ts";

const ffmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
const SECONDS = 8;
const RATE = 25;

/** A real clip: every picture differs; a tone sounds from second 2 to 2.1. */
interface Clip {
	readonly video: Mp4Track;
	readonly audio: Mp4Track;
	/** Hashes of the decoded pictures, in order of presentation. */
	readonly hashes: string[];
}

let folder = "";

function run(...args: string[]): string {
	return execFileSync("ffmpeg", ["-v", "error", "-y", ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
}

function hashes(file: string): string[] {
	return run("-i", file, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-")
		.split("\n")
		.filter((line) => line.length > 0 && !line.startsWith("#"))
		.map((line) => line.split(",").at(-1)?.trim() ?? "");
}

function makeClip(name: string, ...encoder: string[]): Clip {
	const file = join(folder, `${name}.mp4`);
	const tone = `aevalsrc='if(between(t,2,2.1),0.8*sin(2*PI*1000*t),0)':s=16000:d=${SECONDS}`;
	run(
		...["-f", "lavfi", "-i", `testsrc2=size=320x180:rate=${RATE}:duration=${SECONDS}`],
		...["-f", "lavfi", "-i", tone, "-c:v", "libx264", "-pix_fmt", "yuv420p", ...encoder],
		...["-c:a", "libopus", "-ar", "16000", "-ac", "1", "-frame_duration", "40", "-b:a", "24k"],
		...["-movflags", "frag_keyframe+empty_moov+default_base_moof", file],
	);
	const bytes = new Uint8Array(execFileSync("cat", [file], { maxBuffer: 1 << 28 }));
	const [video, audio] = inspectMp4(bytes).tracks;
	if (!video || !audio) throw new Error("the clip lacks a track");
	return { video, audio, hashes: hashes(file) };
}

/** Where a clip's pictures begin, and how long the first is delayed by reordering, s. */
function timing({ video: { samples } }: Clip): { readonly shift: number; readonly delay: number } {
	const shift = Math.min(...samples.map(({ presentation }) => presentation));
	return { shift, delay: Math.max(0, -Math.min(...samples.map(({ decode }) => decode - shift))) };
}

/** Time of the first frame of a kind, s. */
function firstTime(file: string, kind: "v" | "a"): number {
	const probe = spawnSync(
		"ffprobe",
		["-v", "error", "-select_streams", kind, "-show_entries", "frame=pts_time", "-of", "csv=p=0", file],
		{ encoding: "utf8", maxBuffer: 1 << 26 },
	);
	return Number.parseFloat(probe.stdout.split("\n")[0] ?? "");
}

/** Records from a camera that loops the clip; leaves the recording in a file. */
async function recordClip(clip: Clip, name: string, microphone = true): Promise<string> {
	const { samples } = clip.video;
	const { shift, delay } = timing(clip);
	const packets = clip.audio.samples.slice(0, SECONDS * RATE);
	const rig = await bootRecorder({
		arenaBytes: 8 * 1024 * 1024,
		camera: {
			format: { configuration: clip.video.configuration, width: 320, height: 180 },
			latency: 40_000,
			frame(index) {
				const sample = samples[index % samples.length];
				if (!sample) return undefined;
				const loop = Math.floor(index / samples.length) * SECONDS;
				return {
					data: sample.data,
					keyframe: sample.sync,
					presentation: Math.round((sample.presentation - shift + delay + loop) * 1e6),
					decode: Math.round((sample.decode - shift + delay + loop) * 1e6),
				};
			},
		},
		microphone: microphone && {
			packet: (index) => packets[index % packets.length]?.data ?? new Uint8Array(),
		},
	});
	rig.recorder.arm({ seconds: 6, sound: true });
	await rig.seconds(15.3);
	rig.begin();
	await rig.seconds(7.1);
	await rig.stop();
	const file = join(folder, `${name}-recorded.mp4`);
	writeFileSync(file, await rig.plain(1));
	return file;
}

// Where recordings are checked for good, the decoder must be there.
describe.skipIf(!ffmpeg && !process.env.CI)("a recording, decoded", () => {
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "recorder-"));
	});
	afterAll(() => {
		rmSync(folder, { recursive: true });
	});

	const clips = [
		["without reordering", ["-g", "20", "-bf", "0", "-preset", "ultrafast"]],
		["with B-frames", ["-g", "30", "-bf", "3", "-preset", "fast", "-x264-params", "open-gop=0"]],
	] as const;

	it.each(clips)(
		"decodes without a message and shows an unbroken run of pictures, %s",
		async (name, encoder) => {
			const clip = makeClip(name.replaceAll(" ", "-"), ...encoder);
			const file = await recordClip(clip, name.replaceAll(" ", "-"));
			const decoded = spawnSync("ffmpeg", ["-v", "error", "-i", file, "-f", "null", "-"], {
				encoding: "utf8",
			});
			expect(decoded.stderr).toBe("");
			expect(decoded.status).toBe(0);
			const shown = hashes(file);
			expect(shown.length).toBeGreaterThan(11.8 * RATE);
			const first = clip.hashes.indexOf(shown[0] ?? "");
			expect(shown).toEqual(shown.map((_, i) => clip.hashes[(first + i) % clip.hashes.length]));
		},
	);

	it("decodes without a message when there is no sound", async () => {
		const clip = makeClip("mute", ...clips[0][1]);
		const file = await recordClip(clip, "mute", false);
		const decoded = spawnSync("ffmpeg", ["-v", "error", "-i", file, "-f", "null", "-"], { encoding: "utf8" });
		expect(decoded.stderr).toBe("");
	});

	it("plays sound when it was captured, to 10 ms", async () => {
		const clip = makeClip("tone", ...clips[1][1]);
		const file = await recordClip(clip, "tone");
		const raw = join(folder, "tone.raw");
		run("-i", file, "-map", "0:a", "-ar", "48000", "-f", "s16le", raw);
		const bytes = execFileSync("cat", [raw], { maxBuffer: 1 << 28 });
		const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
		const onset = samples.findIndex((sample) => Math.abs(sample) > 4000) / 48_000;
		// The first picture shown is this second of the clip; the tone is at second 2.
		const shown = clip.hashes.indexOf(hashes(file)[0] ?? "") / RATE;
		const expected = firstTime(file, "v") + (2 - shown) - timing(clip).delay;
		const difference = firstTime(file, "a") + onset - expected;
		const wrapped = difference - Math.round(difference / SECONDS) * SECONDS;
		expect(Math.abs(wrapped)).toBeLessThan(0.01);
	});
});
