import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "./make-directory.ts";
import { StateError } from "./state-error.ts";

/** Geometry of a slot. */
export const SLOT_BYTES = 2 * 1024 * 1024;

/** Bytes that are erased together. */
export const ERASE_BYTES = 4096;

/** Writes must be multiples of this. */
export const WRITE_ALIGN = 16;

/** Names of the slots by number. */
export const SLOT_NAMES = ["boot", "primary", "secondary", "scratch"] as const;

/** The contents of the flash, slot by slot; erased bytes are 0xff. */
export class FlashSlots {
	readonly #directory: string | undefined;
	readonly #slots: Uint8Array[];

	/**
	 * @param directory - where the slots are kept as files; without one they are in memory
	 * @throws StateError when a file cannot be read or is too large
	 */
	constructor(directory?: string) {
		this.#directory = directory;
		this.#slots = SLOT_NAMES.map((name) => this.#load(name));
	}

	/** The bytes of a slot, to be read. @param slot - 0 to 3 */
	slot(slot: number): Uint8Array {
		return this.#slots[slot] ?? new Uint8Array();
	}

	/** Changes bytes of a slot and keeps them. */
	change(slot: number, change: (bytes: Uint8Array) => void): void {
		change(this.slot(slot));
		this.#save(slot);
	}

	/** Erases a slot and puts a file into it, as a programming adapter does. Keeps the file's times if nothing changes. */
	program(slot: number, image: Uint8Array): void {
		if (image.length > SLOT_BYTES) {
			throw new RangeError(`the image has ${image.length} bytes, the slot takes ${SLOT_BYTES}`);
		}
		const bytes = this.slot(slot);
		const same = Buffer.compare(bytes.subarray(0, image.length), image) === 0;
		if (same && bytes.subarray(image.length).every((byte) => byte === 0xff)) return;
		this.change(slot, () => {
			bytes.fill(0xff);
			bytes.set(image);
		});
	}

	#load(name: string): Uint8Array {
		const slot = new Uint8Array(SLOT_BYTES).fill(0xff);
		if (this.#directory === undefined) return slot;
		const path = this.#path(name);
		try {
			const bytes = readFileSync(path);
			if (bytes.length > SLOT_BYTES) throw new StateError(path, "the flash slot is damaged: it is too large");
			slot.set(bytes);
		} catch (error) {
			if (error instanceof StateError) throw error;
			if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
				throw new StateError(path, `the flash slot cannot be read (${(error as Error).message})`);
			}
		}
		return slot;
	}

	#save(slot: number): void {
		const name = SLOT_NAMES[slot];
		if (this.#directory === undefined || name === undefined) return;
		const path = this.#path(name);
		const bytes = this.slot(slot);
		let end = bytes.length;
		while (end > 0 && bytes[end - 1] === 0xff) end -= 1;
		makeDirectory(this.#directory);
		writeFileSync(`${path}.new`, bytes.subarray(0, end));
		renameSync(`${path}.new`, path);
	}

	#path(name: string): string {
		return join(this.#directory ?? "", `${name}.bin`);
	}
}
