/**
 * Where the files lie through which this process and an emulator meet, while they find each other.
 */
import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmulatorError } from "./emulator-error.ts";

/** A file system in memory, on Linux. */
const IN_MEMORY = "/dev/shm";

/** Room that a machine needs besides its media memory, bytes: everything of the link in front of it. */
const OTHER_BYTES = 16 * 1024 * 1024;

/** Names of the files in a link directory. */
export const LinkFile = {
	/** The shared memory. */
	RAM: "ram",
	/** Standard error of the emulator. */
	LOG: "log",
	/** The emulator's ends of the pipes are these names with `.in` and `.out`. */
	SERIAL: "serial",
	BELL: "bell",
} as const;

/**
 * Makes a directory with the pipes in it, in memory where there is room for it.
 * @param mediaBytes - media memory of the machine
 * @throws EmulatorError when the host has no named pipes
 */
export function makeLinkDirectory(mediaBytes: number): string {
	const directory = mkdtempSync(join(hasRoom(mediaBytes) ? IN_MEMORY : tmpdir(), "bodycam-"));
	const pipes = [LinkFile.SERIAL, LinkFile.BELL].flatMap((name) => [`${name}.in`, `${name}.out`]);
	try {
		execFileSync("mkfifo", ["-m", "600", ...pipes.map((name) => join(directory, name))], { stdio: "pipe" });
	} catch (error) {
		rmSync(directory, { recursive: true, force: true });
		const reason = error instanceof Error ? error.message : String(error);
		throw new EmulatorError(
			`the pipes to the emulator cannot be made: ${reason}`,
			"The engine mps3-an547 needs Linux or macOS; --engine wasm runs everywhere.",
		);
	}
	return directory;
}

/** Removes it; who has its files open keeps them. Idempotent. */
export function removeLinkDirectory(directory: string): void {
	rmSync(directory, { recursive: true, force: true });
}

function hasRoom(mediaBytes: number): boolean {
	try {
		accessSync(IN_MEMORY, constants.W_OK);
		const { bavail, bsize } = statfsSync(IN_MEMORY);
		return bavail * bsize > mediaBytes + OTHER_BYTES;
	} catch {
		return false;
	}
}
