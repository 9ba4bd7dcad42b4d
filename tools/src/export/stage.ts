import { randomBytes } from "node:crypto";
import { lstatSync, readdirSync } from "node:fs";
import { mkdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { DiskFullError, UsageError } from "../errors.ts";
import { directoryOutput, type ExportOutput } from "./output.ts";
import { zipOutput } from "./zip-output.ts";

/** Where an export goes. */
export interface StageOptions {
	/** A directory that is not there or empty, or a file ending in `.zip` that is not there. */
	readonly to: string;
	/** Time the files bear, ms since 1970. */
	readonly now: number;
	/** Told how many bytes were written. */
	readonly progress?: (bytes: number) => void;
	/** Stops. */
	readonly signal?: AbortSignal | undefined;
}

/**
 * An export in the making. Everything is written into a hidden directory beside its place, and takes its name only when
 * it is whole: whatever ends it before, nothing half is left there.
 */
export class ExportStage {
	/** Where it goes, absolute. */
	readonly to: string;
	readonly #directory: string;
	readonly #product: string;
	readonly #output: ExportOutput;

	private constructor(to: string, directory: string, options: StageOptions) {
		const { now, progress = () => {}, signal } = options;
		this.to = to;
		this.#directory = directory;
		const zip = isZip(to);
		this.#product = join(directory, zip ? "export.zip" : "export");
		const folder = basename(to, extname(to));
		this.#output = zip
			? zipOutput({ file: this.#product, folder, now, progress, signal })
			: directoryOutput(this.#product, progress, signal);
	}

	/**
	 * Begins an export.
	 * @throws {UsageError} when something is there already, or there is no directory to put it into
	 */
	static async open(options: StageOptions): Promise<ExportStage> {
		const to = resolve(options.to);
		requireFree(to);
		const directory = join(dirname(to), `.${basename(to)}.${randomBytes(4).toString("hex")}.part`);
		try {
			await mkdir(directory, { mode: 0o700 });
			if (!isZip(to)) await mkdir(join(directory, "export"), { mode: 0o700 });
		} catch (error) {
			throw new UsageError(`${dirname(to)} cannot take the export: ${(error as Error).message}`, {
				hint: "Give a place that you may write to with --to.",
				cause: error,
			});
		}
		return new ExportStage(to, directory, options);
	}

	/** A file to work with, to be moved into the export; it goes away with the stage. */
	work(name: string): string {
		return join(this.#directory, name);
	}

	/** Takes a file: see `ExportOutput.add`. */
	get add(): ExportOutput["add"] {
		return this.#output.add.bind(this.#output);
	}

	/** Gives the whole export its name. @throws {UsageError} when something has appeared there meanwhile */
	async commit(): Promise<void> {
		await this.#output.finish();
		requireFree(this.to);
		await rename(this.#product, this.to);
		await rmdir(this.#directory).catch(() => this.discard());
	}

	/** Removes everything that was written. */
	async discard(): Promise<void> {
		await this.#output.abandon();
		await rm(this.#directory, { recursive: true, force: true });
	}
}

/**
 * A file system's refusal for want of room, in words.
 * @returns the same error when it says something else
 */
export function roomError(error: unknown, to: string): unknown {
	const { code } = (error ?? {}) as NodeJS.ErrnoException;
	const detail = { hint: "Make room or give another --to; nothing half was left there.", cause: error };
	if (code === "ENOSPC" || code === "EDQUOT")
		return new DiskFullError(
			`the disk is full: the export does not fit into ${dirname(resolve(to))}`,
			detail,
		);
	if (code === "EFBIG")
		return new DiskFullError(`the export has a file that is larger than ${dirname(resolve(to))} can take`, {
			...detail,
			hint: "Some memory sticks take 4 GiB a file at most (FAT32): use one with exFAT, or a disk.",
		});
	return error;
}

function isZip(to: string): boolean {
	return extname(to).toLowerCase() === ".zip";
}

/** An export never goes over something, so that no one can take an old one for a part of it. */
function requireFree(to: string): void {
	const found = lstatSync(to, { throwIfNoEntry: false });
	if (found === undefined || (!isZip(to) && found.isDirectory() && readdirSync(to).length === 0)) return;
	throw new UsageError(`${to} is there already`, {
		hint: "Give another name with --to, or move it away: an export never goes over something.",
	});
}
