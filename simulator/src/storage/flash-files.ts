import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { FLASH_AREAS } from "@bodycam/protocol/board/flash-layout";
import { makeDirectory } from "./make-directory.ts";
import { StateError } from "./state-error.ts";

/** Where the flash of a camera is kept while no simulator runs. */
export interface FlashFiles {
	/** Fills an area with what was kept of it. @throws StateError when it cannot be read or is too large */
	load(unit: number, into: Uint8Array): void;
	/** Keeps a part of an area. */
	save(unit: number, contents: Uint8Array, at: number, length: number): void;
	/** How often each sector was erased; empty when nothing was kept. */
	loadWear(): readonly (readonly number[])[];
	/** Keeps how often each sector was erased. */
	saveWear(wear: readonly Uint32Array[]): void;
}

/** No files: a flash that ends with the process. */
export const NO_FLASH_FILES: FlashFiles = {
	load: () => undefined,
	save: () => undefined,
	loadWear: () => [],
	saveWear: () => undefined,
};

/** A file for each area, byte for byte (what is missing at its end is erased), and `wear.json`. */
export class FlashDirectory implements FlashFiles {
	readonly #directory: string;

	/** @param directory - made when something is kept */
	constructor(directory: string) {
		this.#directory = directory;
	}

	load(unit: number, into: Uint8Array): void {
		const path = this.#path(unit);
		const bytes = read(path);
		if (bytes === undefined) return;
		if (bytes.length > into.length) throw new StateError(path, "the flash area is damaged: it is too large");
		into.set(bytes);
	}

	save(unit: number, contents: Uint8Array, at: number, length: number): void {
		makeDirectory(this.#directory);
		const path = this.#path(unit);
		let file: number;
		try {
			file = openSync(path, "r+");
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
			writeFileSync(path, contents);
			return;
		}
		try {
			writeSync(file, contents, at, length, at);
		} finally {
			closeSync(file);
		}
	}

	loadWear(): readonly (readonly number[])[] {
		const path = join(this.#directory, "wear.json");
		const bytes = read(path);
		if (bytes === undefined) return [];
		const damaged = () => new StateError(path, "it is damaged: it is not what a simulator writes");
		let value: unknown;
		try {
			value = JSON.parse(bytes.toString("utf8"));
		} catch {
			throw damaged();
		}
		if (!Array.isArray(value) || !value.every(isCounts)) throw damaged();
		return value;
	}

	saveWear(wear: readonly Uint32Array[]): void {
		makeDirectory(this.#directory);
		writeFileSync(join(this.#directory, "wear.json"), JSON.stringify(wear.map((counts) => [...counts])));
	}

	#path(unit: number): string {
		return join(this.#directory, `${FLASH_AREAS[unit]?.name ?? unit}.bin`);
	}
}

function read(path: string): Buffer | undefined {
	try {
		return readFileSync(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw new StateError(path, `the flash cannot be read (${(error as Error).message})`);
	}
}

function isCounts(value: unknown): value is number[] {
	return Array.isArray(value) && value.every((count) => Number.isInteger(count) && count >= 0);
}
