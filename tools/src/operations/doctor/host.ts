import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync, readFileSync, statSync } from "node:fs";
import process from "node:process";

/** What the checks look at: this computer, or one that a test makes up. */
export interface Host {
	/** As `process.platform`. */
	readonly platform: string;
	/** Path of the program that runs. */
	readonly program: string;
	/** Version of Node, e.g. `20.19.0`. */
	readonly node: string;
	/** Names of the directory's entries; none when there is no such directory. */
	list(directory: string): readonly string[];
	/** The text of a file; undefined when it cannot be read. */
	read(file: string): string | undefined;
	/** Whether this user may read and write it. */
	mayUse(file: string): boolean;
	/** Number of the group that owns it; undefined when it is not there. */
	groupOf(file: string): number | undefined;
	/** What a program prints; undefined when it is not installed. */
	run(program: string, args: readonly string[]): Promise<string | undefined>;
}

/** Longest time a program has to print its version, ms. */
const PATIENCE = 10_000;

/** This computer. */
export const thisHost: Host = {
	platform: process.platform,
	program: process.execPath,
	node: process.versions.node,
	list: (directory) => attempt(() => readdirSync(directory)) ?? [],
	read: (file) => attempt(() => readFileSync(file, "utf8")),
	mayUse: (file) =>
		attempt(() => {
			accessSync(file, constants.R_OK | constants.W_OK);
			return true;
		}) ?? false,
	groupOf: (file) => attempt(() => statSync(file).gid),
	run: (program, args) =>
		new Promise((resolve) => {
			execFile(program, [...args], { timeout: PATIENCE }, (error, stdout, stderr) => {
				resolve(error === null ? stdout || stderr : undefined);
			});
		}),
};

/** What `look` finds; undefined when the system does not let it. */
function attempt<T>(look: () => T): T | undefined {
	try {
		return look();
	} catch (error) {
		if (typeof (error as NodeJS.ErrnoException).code === "string") return undefined;
		throw error;
	}
}
