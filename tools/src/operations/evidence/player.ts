import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { BodycamError, UsageError } from "../../errors.ts";

/** A program that opens an address. */
export interface Player {
	/** Its command. */
	readonly command: string;
	/** What comes before the address. */
	readonly args: readonly string[];
	/** Whether it runs as long as it plays; otherwise it hands the address to another program and ends. */
	readonly stays: boolean;
}

const PLAYERS: readonly Player[] = [
	{ command: "mpv", args: [], stays: true },
	{ command: "vlc", args: [], stays: true },
	{ command: "ffplay", args: ["-loglevel", "error"], stays: true },
];

/** What opens an address with the program the user has chosen for it, mostly a browser. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, Player>>> = {
	linux: { command: "xdg-open", args: [], stays: false },
	darwin: { command: "open", args: [], stays: false },
};

/** Finds a program in the directories of PATH. */
export type FindProgram = (command: string) => boolean;

/**
 * The player to be used: the one that was named, else the first that is there.
 * @param wanted - a command, or several words of which the first is one
 * @throws {UsageError} when there is none
 */
export function choosePlayer(
	wanted: string | undefined,
	find: FindProgram,
	platform = process.platform,
): Player {
	if (wanted !== undefined) {
		const [command = "", ...args] = wanted.trim().split(/\s+/);
		if (command !== "" && find(command)) return { command, args, stays: true };
		throw new UsageError(`there is no player ${command || "without a name"}`, {
			hint: "Give --player a command that plays an address, or --no-open to be told the address.",
		});
	}
	const opener = OPENERS[platform];
	const found = [...PLAYERS, ...(opener === undefined ? [] : [opener])].find(({ command }) => find(command));
	if (found !== undefined) return found;
	throw new UsageError("no player was found", {
		hint: "Install mpv, VLC or ffplay, name another with --player, or open the address of --no-open in a browser.",
	});
}

/** Whether a command is in one of the directories of PATH, or is a path to a program. */
export function isProgram(command: string): boolean {
	const paths = command.includes("/")
		? [command]
		: (process.env.PATH ?? "").split(delimiter).map((directory) => join(directory, command));
	return paths.some((path) => {
		try {
			accessSync(path, constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}

/**
 * Has a player open an address, and waits until it ends, which of one that does not stay says nothing.
 * @throws {BodycamError} when it fails
 */
export async function play({ command, args }: Player, url: string, signal: AbortSignal): Promise<void> {
	const child = spawn(command, [...args, url], { stdio: ["ignore", "ignore", "inherit"], signal });
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on("error", reject);
		child.on("close", resolve);
	}).catch((error: Error) => {
		signal.throwIfAborted();
		throw error;
	});
	if (code === 0) return;
	throw new BodycamError(`${command} ended with ${code === null ? "a signal" : `exit code ${code}`}`, {
		hint: "Name another player with --player, or decrypt the recording into a file with `bodycam evidence decrypt`.",
	});
}
