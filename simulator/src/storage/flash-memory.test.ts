import { readFileSync, statSync, writeFileSync } from "node:fs";
import { FLASH_SECTOR_BYTES as SECTOR } from "@bodycam/protocol/board/flash-layout";
import { afterAll, describe, expect, it } from "vitest";
import { ScratchDirectory } from "../testing/ffmpeg.ts";
import { createRandomness } from "../world/random.ts";
import { FlashMemory, FlashRuleError } from "./flash-memory.ts";
import { installImage, isAsInstalled, programImage } from "./install-image.ts";
import { StateError } from "./state-error.ts";

const scratch = new ScratchDirectory();
afterAll(() => scratch.remove());

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

describe("flash in files", () => {
	it("is there again, with its wear, and is not written when nothing changes", () => {
		const directory = scratch.file("flash");
		const first = new FlashMemory(directory);
		first.program(1, [{ at: 0, bytes: Uint8Array.of(1, 2, 3) }]);
		first.apply({ kind: "erase", unit: 0, offset: SECTOR, length: SECTOR });
		first.apply({ kind: "write", unit: 0, offset: 16, bytes: bytes(16, 7) });
		const { mtimeMs } = statSync(`${directory}/primary.bin`);
		const again = new FlashMemory(directory);
		again.program(1, [{ at: 0, bytes: Uint8Array.of(1, 2, 3) }]);
		expect(statSync(`${directory}/primary.bin`).mtimeMs).toBe(mtimeMs);
		expect([...again.area(1).subarray(0, 4)]).toEqual([1, 2, 3, 0xff]);
		expect([...again.area(0).subarray(15, 17)]).toEqual([0xff, 7]);
		expect(again.wear(0)).toEqual([0, 1]);
		expect(readFileSync(`${directory}/counter.bin`).length).toBe(2 * SECTOR);
	});

	it("is refused when it is damaged", () => {
		const directory = scratch.file("damaged");
		new FlashMemory(directory).program(0, [{ at: 0, bytes: bytes(1, 0) }]);
		writeFileSync(`${directory}/wear.json`, '{"a": 1}');
		expect(() => new FlashMemory(directory)).toThrow(StateError);
		writeFileSync(`${directory}/wear.json`, "[]");
		writeFileSync(`${directory}/counter.bin`, bytes(2 * SECTOR + 1, 0));
		expect(() => new FlashMemory(directory)).toThrow(/too large/);
	});
});

describe("flash", () => {
	it("leaves nothing of what was there before it is programmed", () => {
		const flash = new FlashMemory();
		flash.program(1, [{ at: 0, bytes: bytes(100, 0) }]);
		flash.program(1, [{ at: 0, bytes: bytes(10, 0) }]);
		expect(flash.area(1)[50]).toBe(0xff);
		expect(() => flash.program(0, [{ at: 2 * SECTOR - 1, bytes: bytes(2, 0) }])).toThrow(RangeError);
	});

	it("says what is against its rules", () => {
		const flash = new FlashMemory();
		const write = (unit: number, offset: number, length: number) =>
			flash.apply({ kind: "write", unit, offset, bytes: bytes(length, 0) });
		expect(() => write(0, 8, 16)).toThrow(FlashRuleError);
		expect(() => write(0, 2 * SECTOR, 16)).toThrow(/leaves the area/);
		write(0, 0, 16);
		expect(() => write(0, 0, 16)).toThrow(/not erased, at 0/);
	});

	it("torn at any point holds of each bit the old or the new value, by seed", () => {
		const torn = (seed: number, progress: number) => {
			const flash = new FlashMemory();
			const random = createRandomness(seed).stream("tear");
			flash.tear({ kind: "write", unit: 1, offset: 0, bytes: bytes(64, 0x3c) }, progress, random);
			return flash.area(1).slice(0, 80);
		};
		for (const progress of [0, 0.3, 0.5, 0.99]) {
			const left = torn(1, progress);
			const whole = Math.floor((progress * 64) / 16) * 16;
			expect(left.subarray(0, whole).every((byte) => byte === 0x3c)).toBe(true);
			expect(left.every((byte) => (byte & 0x3c) === 0x3c)).toBe(true);
			expect(left.subarray(whole + 16).every((byte) => byte === 0xff)).toBe(true);
			expect(torn(1, progress)).toEqual(left);
		}
		expect(torn(2, 0.5)).not.toEqual(torn(1, 0.5));
	});

	it("knows a camera that nobody has flashed since it was made", () => {
		const flash = new FlashMemory();
		expect(isAsInstalled(flash)).toBe(true);
		installImage(flash, bytes(100, 1));
		expect(isAsInstalled(flash)).toBe(true);
		const area = flash.area(2);
		area.set(flash.area(1).subarray(area.length - 16), area.length - 16);
		expect(isAsInstalled(flash)).toBe(false);
	});

	it("keeps what a programming adapter put there, and the security counter under it", () => {
		const flash = new FlashMemory();
		installImage(flash, bytes(100, 1));
		flash.area(0).set(bytes(16, 0x3c), 0);
		programImage(flash, bytes(100, 2), 0);
		expect(isAsInstalled(flash)).toBe(false);
		expect(flash.area(0).subarray(0, 16)).toEqual(bytes(16, 0x3c));
	});
});
