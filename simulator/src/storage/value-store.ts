import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeDirectory } from "./make-directory.ts";
import { StateError } from "./state-error.ts";

/** Small values by name, in memory or in a JSON file (values in base64). Every change is kept at once, as a whole. */
export class ValueStore {
	readonly #path: string | undefined;
	#values = new Map<string, Uint8Array>();

	/** @throws StateError when the file cannot be read or is damaged */
	constructor(path?: string) {
		this.#path = path;
		if (path !== undefined) this.#load(path);
	}

	/** The value of that name. */
	get(key: string): Uint8Array | undefined {
		return this.#values.get(key);
	}

	/** All values by name. */
	entries(): IterableIterator<[string, Uint8Array]> {
		return this.#values.entries();
	}

	/** Sets a value; an empty one removes it. When it cannot be kept, it throws and nothing has changed. */
	set(key: string, value: Uint8Array): void {
		const values = new Map(this.#values);
		if (value.length === 0) values.delete(key);
		else values.set(key, value);
		this.#save(values);
		this.#values = values;
	}

	#load(path: string): void {
		let text: string;
		try {
			text = readFileSync(path, "utf8");
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
			throw new StateError(path, `the key-value file cannot be read (${(error as Error).message})`);
		}
		let values: unknown;
		try {
			values = JSON.parse(text);
		} catch {
			throw new StateError(path, "the key-value file is damaged: it is not JSON");
		}
		if (typeof values !== "object" || values === null || Array.isArray(values)) {
			throw new StateError(path, "the key-value file is damaged: it is not an object");
		}
		for (const [key, value] of Object.entries(values)) {
			if (typeof value !== "string") throw new StateError(path, `the key-value file is damaged at ${key}`);
			this.#values.set(key, new Uint8Array(Buffer.from(value, "base64")));
		}
	}

	#save(all: ReadonlyMap<string, Uint8Array>): void {
		if (this.#path === undefined) return;
		const values: Record<string, string> = {};
		for (const [key, value] of all) values[key] = Buffer.from(value).toString("base64");
		makeDirectory(dirname(this.#path));
		// The firmware keeps its private key here.
		writeFileSync(`${this.#path}.new`, `${JSON.stringify(values, undefined, "\t")}\n`, { mode: 0o600 });
		renameSync(`${this.#path}.new`, this.#path);
	}
}
