import { execFile, execFileSync } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Whether ffmpeg is there. It is a second opinion on our files, not a dependency: tests that need it are skipped
 * without it, except in CI, where it has to be installed.
 * @throws Error in CI without ffmpeg
 */
export function haveFfmpeg(): boolean {
	try {
		execFileSync("ffmpeg", ["-version"], { stdio: "ignore" });
		return true;
	} catch {
		if (process.env.CI) throw new Error("ffmpeg is missing, and in CI no test may be skipped");
		return false;
	}
}

/** What ffmpeg complains about when it decodes a file from end to end; empty for a clean one. */
export async function decodingComplaints(file: string): Promise<string> {
	const { stderr } = await run("ffmpeg", ["-v", "error", "-i", file, "-f", "null", "-"]);
	return stderr;
}

/** Hashes of the decoded pictures of a file, in the order they are presented. */
export async function frameHashes(file: string): Promise<string[]> {
	const { stdout } = await run(
		"ffmpeg",
		["-v", "error", "-i", file, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-"],
		{ maxBuffer: 64 * 1024 * 1024 },
	);
	return stdout
		.split("\n")
		.filter((line) => line !== "" && !line.startsWith("#"))
		.map((line) => line.split(",").at(-1)?.trim() ?? "");
}

/** Presentation times of the pictures of a file, in seconds from its start. */
export async function frameTimes(file: string): Promise<number[]> {
	const { stdout } = await run(
		"ffmpeg",
		["-v", "error", "-copyts", "-i", file, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framehash", "-"],
		{ maxBuffer: 64 * 1024 * 1024 },
	);
	const [numerator = 1, denominator = 1] = (/^#tb 0: (\d+)\/(\d+)/m.exec(stdout) ?? []).slice(1).map(Number);
	return stdout
		.split("\n")
		.filter((line) => line !== "" && !line.startsWith("#"))
		.map((line) => (Number(line.split(",")[2]) * numerator) / denominator);
}

/** The decoded sound of a file: mono, 16 kHz, from -1 to 1. */
export async function decodeSound(file: string): Promise<Float32Array> {
	const { stdout } = await run(
		"ffmpeg",
		["-v", "error", "-i", file, "-map", "0:a", "-ac", "1", "-ar", "16000", "-f", "f32le", "-"],
		{ encoding: "buffer", maxBuffer: 256 * 1024 * 1024 },
	);
	return new Float32Array(stdout.buffer, stdout.byteOffset, Math.floor(stdout.byteLength / 4));
}

/** Makes a file with ffmpeg. */
export async function makeWithFfmpeg(args: readonly string[]): Promise<void> {
	await run("ffmpeg", ["-v", "error", "-y", ...args]);
}

/**
 * Where a run of frames lies in a source that loops.
 * @returns index of the first frame in the source, or undefined when the frames are not an unbroken run of it
 */
export function findRun(source: readonly string[], frames: readonly string[]): number | undefined {
	const first = source.indexOf(frames[0] ?? "");
	if (first < 0) return undefined;
	const unbroken = frames.every((frame, index) => frame === source[(first + index) % source.length]);
	return unbroken ? first : undefined;
}
