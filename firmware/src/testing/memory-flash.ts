import type { FlashSlot } from "../hal/flash.ts";

/** Power goes in the middle of a change. */
export class PowerLostError extends Error {
	override readonly name = "PowerLostError";
}

/**
 * An area of flash over the bytes of media memory: sectors of 4 KiB, units of 16 bytes that are written once after an
 * erase, requests in order. It can lose its power in the middle of a change.
 */
export class MemoryFlash implements Pick<FlashSlot, "read" | "write" | "erase"> {
	readonly bytes: Uint8Array;
	/** Erases and writes so far. */
	changes = 0;
	/** Erases by sector. */
	readonly wear: number[];
	/** Loses its power in the change of that number, after so many bytes of it. */
	cut: { readonly change: number; readonly after: number } | undefined;
	private readonly memory: Uint8Array;
	private dead = false;

	/** @param memory - where data comes from and goes to @param size - bytes of the area */
	constructor(memory: Uint8Array, size: number) {
		this.memory = memory;
		this.bytes = new Uint8Array(size).fill(0xff);
		this.wear = new Array<number>(size / 4096).fill(0);
	}

	/** The power is back. */
	restore(): void {
		this.dead = false;
		this.cut = undefined;
	}

	async read(offset: number, length: number, at: number): Promise<void> {
		if (this.dead) return new Promise(() => undefined);
		this.memory.set(this.bytes.subarray(offset, offset + length), at);
	}

	async write(offset: number, length: number, at: number): Promise<void> {
		if (this.dead) return new Promise(() => undefined);
		if (offset % 16 !== 0 || length % 16 !== 0 || offset + length > this.bytes.length)
			throw new RangeError(`a write of ${length} bytes at ${offset}`);
		if (this.bytes.subarray(offset, offset + length).some((byte) => byte !== 0xff))
			throw new RangeError(`a write of ${length} bytes at ${offset}, where something is written`);
		await this.change(length, (done) => this.bytes.set(this.memory.subarray(at, at + done), offset));
	}

	async erase(offset: number, length: number): Promise<void> {
		if (this.dead) return new Promise(() => undefined);
		if (offset % 4096 !== 0 || length % 4096 !== 0)
			throw new RangeError(`an erase of ${length} bytes at ${offset}`);
		await this.change(length, (done) => this.bytes.fill(0xff, offset, offset + done));
		for (let sector = offset / 4096; sector < (offset + length) / 4096; sector++)
			this.wear[sector] = (this.wear[sector] ?? 0) + 1;
	}

	private change(length: number, apply: (bytes: number) => void): Promise<void> {
		this.changes += 1;
		if (this.cut?.change !== this.changes) {
			apply(length);
			return Promise.resolve();
		}
		apply(Math.min(length, this.cut.after));
		this.dead = true;
		return new Promise(() => undefined);
	}
}
