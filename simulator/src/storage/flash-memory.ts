import {
	FLASH_AREAS,
	FLASH_BLOCK_BYTES,
	FLASH_SECTOR_BYTES,
	FLASH_WRITE_BYTES,
} from "@bodycam/protocol/board/flash-layout";
import type { RandomStream } from "../world/random.ts";
import { FlashDirectory, type FlashFiles, NO_FLASH_FILES } from "./flash-files.ts";

const ERASED = 0xff;

/** Something that changes the flash: bytes that are written, or a range that is erased. */
export type FlashChange =
	| { readonly kind: "write"; readonly unit: number; readonly offset: number; readonly bytes: Uint8Array }
	| { readonly kind: "erase"; readonly unit: number; readonly offset: number; readonly length: number };

/** What was done is against the rules of the flash. */
export class FlashRuleError extends Error {
	override readonly name = "FlashRuleError";
}

/**
 * The contents of a NOR flash. Erasing sets all bits of whole sectors, writing clears bits of whole units, and a unit
 * is written once after each erase. How often each sector was erased is counted.
 */
export class FlashMemory {
	readonly #files: FlashFiles;
	readonly #areas: readonly Uint8Array[];
	readonly #wear: readonly Uint32Array[];

	/**
	 * @param directory - where the areas are kept as files; without one they are in memory
	 * @throws StateError when a file cannot be read or is damaged
	 */
	constructor(directory?: string) {
		this.#files = directory === undefined ? NO_FLASH_FILES : new FlashDirectory(directory);
		const wear = this.#files.loadWear();
		this.#areas = FLASH_AREAS.map(({ bytes }, unit) => {
			const area = new Uint8Array(bytes).fill(ERASED);
			this.#files.load(unit, area);
			return area;
		});
		this.#wear = FLASH_AREAS.map(({ bytes }, unit) => {
			const counts = new Uint32Array(bytes / FLASH_SECTOR_BYTES);
			counts.set((wear[unit] ?? []).slice(0, counts.length));
			return counts;
		});
	}

	/** The bytes of an area, to be read; empty when there is none of that number. */
	area(unit: number): Uint8Array {
		return this.#areas[unit] ?? new Uint8Array();
	}

	/** How often each sector of an area was erased. */
	wear(unit: number): readonly number[] {
		return [...(this.#wear[unit] ?? [])];
	}

	/**
	 * Does the whole change.
	 * @throws FlashRuleError when it leaves its area, is not aligned, or writes what is not erased
	 */
	apply(change: FlashChange): void {
		this.#check(change);
		if (change.kind === "write") this.#write(change.unit, change.offset, change.bytes);
		else this.#erase(change.unit, change.offset, change.length);
		this.#keep(change);
	}

	/**
	 * Does a part of the change, as when the power goes: units written or blocks erased so far are what they ought to
	 * be, and in the one under way each bit is as it was or as it ought to become.
	 * @param progress - 0 to 1 @param random - decides the bits
	 * @throws FlashRuleError as `apply`
	 */
	tear(change: FlashChange, progress: number, random: RandomStream): void {
		this.#check(change);
		const { unit, offset } = change;
		if (change.kind === "write") {
			const whole = Math.floor((progress * change.bytes.length) / FLASH_WRITE_BYTES) * FLASH_WRITE_BYTES;
			this.#write(unit, offset, change.bytes.subarray(0, whole));
			const area = this.area(unit);
			for (let at = whole; at < Math.min(whole + FLASH_WRITE_BYTES, change.bytes.length); at++) {
				area[offset + at] = (area[offset + at] ?? 0) & ((change.bytes[at] ?? 0) | random.below(256));
			}
		} else {
			const area = this.area(unit);
			let left = Math.floor(progress * change.length);
			for (const { at, length } of eraseSteps(offset, change.length)) {
				if (left >= length) this.#erase(unit, at, length);
				else {
					for (let byte = at; byte < at + length; byte++) area[byte] = (area[byte] ?? 0) | random.below(256);
					break;
				}
				left -= length;
			}
		}
		this.#keep(change);
	}

	/** Erases an area and writes into it, as a programming adapter does. Keeps the file's times if nothing changes. */
	program(unit: number, parts: readonly { readonly at: number; readonly bytes: Uint8Array }[]): void {
		const area = this.area(unit);
		const wanted = new Uint8Array(area.length).fill(ERASED);
		for (const { at, bytes } of parts) {
			if (at + bytes.length > area.length)
				throw new RangeError(
					`${bytes.length} bytes at ${at} do not fit a flash area of ${area.length} bytes`,
				);
			wanted.set(bytes, at);
		}
		if (Buffer.compare(area, wanted) === 0) return;
		area.set(wanted);
		this.#files.save(unit, area, 0, area.length);
	}

	/** A copy in memory. */
	clone(): FlashMemory {
		const copy = new FlashMemory();
		this.#areas.forEach((area, unit) => {
			copy.area(unit).set(area);
		});
		return copy;
	}

	#check(change: FlashChange): void {
		const { kind, unit, offset } = change;
		const length = kind === "write" ? change.bytes.length : change.length;
		const area = this.area(unit);
		const grain = kind === "write" ? FLASH_WRITE_BYTES : FLASH_SECTOR_BYTES;
		const what = `the ${kind} of ${length} bytes at ${offset} of area ${unit}`;
		if (offset + length > area.length) throw new FlashRuleError(`${what} leaves the area`);
		if (offset % grain !== 0 || length % grain !== 0)
			throw new FlashRuleError(`${what} is not of whole units of ${grain} bytes`);
		if (kind === "erase") return;
		for (let at = offset; at < offset + length; at++)
			if (area[at] !== ERASED) throw new FlashRuleError(`${what} meets bytes that are not erased, at ${at}`);
	}

	#write(unit: number, offset: number, bytes: Uint8Array): void {
		this.area(unit).set(bytes, offset);
	}

	#erase(unit: number, offset: number, length: number): void {
		this.area(unit).fill(ERASED, offset, offset + length);
		const wear = this.#wear[unit];
		if (wear === undefined) return;
		const first = offset / FLASH_SECTOR_BYTES;
		for (let sector = first; sector < first + length / FLASH_SECTOR_BYTES; sector++)
			wear[sector] = (wear[sector] ?? 0) + 1;
	}

	#keep(change: FlashChange): void {
		const { unit, offset } = change;
		const length = change.kind === "write" ? change.bytes.length : change.length;
		this.#files.save(unit, this.area(unit), offset, length);
		if (change.kind === "erase") this.#files.saveWear(this.#wear);
	}
}

/** The steps in which a range is erased: whole aligned blocks at once, sectors one by one before and after them. */
export function eraseSteps(
	offset: number,
	length: number,
): { readonly at: number; readonly length: number }[] {
	const steps: { at: number; length: number }[] = [];
	for (let at = offset; at < offset + length; ) {
		const block = at % FLASH_BLOCK_BYTES === 0 && at + FLASH_BLOCK_BYTES <= offset + length;
		const step = block ? FLASH_BLOCK_BYTES : FLASH_SECTOR_BYTES;
		steps.push({ at, length: step });
		at += step;
	}
	return steps;
}
