import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether ffmpeg is installed. In CI it must be: there tests that need it run, and fail without it. */
export const hasFfmpeg: boolean =
	process.env.CI !== undefined || spawnSync("ffmpeg", ["-version"], { stdio: "ignore" }).status === 0;

/** Runs ffmpeg, quiet and overwriting; returns what it writes to standard output. */
export function ffmpeg(...options: string[]): Buffer {
	return execFileSync("ffmpeg", ["-v", "error", "-y", ...options], { maxBuffer: 1 << 28 });
}

/** What ffmpeg complains about when it decodes a file from end to end; empty for a clean one. */
export function decodingComplaints(file: string): string {
	return spawnSync("ffmpeg", ["-v", "error", "-i", file, "-f", "null", "-"]).stderr.toString();
}

/** A directory for the files of one test file. */
export class ScratchDirectory {
	readonly #path = mkdtempSync(join(tmpdir(), "bodycam-test-"));

	/** A path in it. */
	file(name: string): string {
		return join(this.#path, name);
	}

	/** Removes it with all that is in it. */
	remove(): void {
		rmSync(this.#path, { recursive: true, force: true });
	}
}
