import { expect, test } from "vitest";
import { toHex } from "../testing/hex.ts";
import { readTrailer, SwapType, swapInfo, trailerFlag, trailerLayout, trailerMagic } from "./trailer.ts";

const SLOT = 0x20000;

test("at alignment 8 the fields lie where MCUboot puts them", () => {
	expect(trailerLayout(SLOT, 4)).toEqual({
		slotBytes: SLOT,
		align: 8,
		magicAt: SLOT - 16,
		imageOkAt: SLOT - 24,
		copyDoneAt: SLOT - 32,
		swapInfoAt: SLOT - 40,
	});
	expect(toHex(trailerMagic(8))).toBe("77c295f360d2ef7f3552500f2cb67980");
});

test("at larger alignments each field has a write unit of its own, and the magic begins with the alignment", () => {
	expect(trailerLayout(SLOT, 16)).toMatchObject({
		magicAt: SLOT - 16,
		imageOkAt: SLOT - 32,
		copyDoneAt: SLOT - 48,
		swapInfoAt: SLOT - 64,
	});
	expect(trailerLayout(SLOT, 32)).toMatchObject({
		magicAt: SLOT - 16,
		imageOkAt: SLOT - 64,
		swapInfoAt: SLOT - 128,
	});
	expect(toHex(trailerMagic(16))).toBe("10002de15d29410b8d77679c110f1f8a");
});

test.each([8, 16, 32])("at alignment %i what is written is read again, each field by itself", (align) => {
	const layout = trailerLayout(SLOT, align);
	const slot = new Uint8Array(SLOT).fill(0xff);
	const unset = { magic: "unset", imageOk: "unset", copyDone: "unset", swapType: undefined };
	expect(readTrailer(slot, layout)).toEqual(unset);
	slot.set(swapInfo(layout, SwapType.test), layout.swapInfoAt);
	expect(readTrailer(slot, layout)).toEqual({ ...unset, swapType: SwapType.test });
	slot.set(trailerMagic(align), layout.magicAt);
	expect(readTrailer(slot, layout)).toEqual({ ...unset, swapType: SwapType.test, magic: "good" });
	slot.set(trailerFlag(layout), layout.copyDoneAt);
	slot.set(trailerFlag(layout), layout.imageOkAt);
	expect(readTrailer(slot, layout)).toEqual({
		magic: "good",
		imageOk: "set",
		copyDone: "set",
		swapType: SwapType.test,
	});
});

test("every torn write of the magic is bad, never good nor unset", () => {
	const layout = trailerLayout(SLOT, 16);
	for (let written = 1; written < 16; written++) {
		const slot = new Uint8Array(SLOT).fill(0xff);
		slot.set(trailerMagic(16).subarray(0, written), layout.magicAt);
		expect(readTrailer(slot, layout).magic).toBe("bad");
	}
});

test("a flag that was written in part is bad, and a swap type nobody knows is none", () => {
	const layout = trailerLayout(SLOT, 16);
	const slot = new Uint8Array(SLOT).fill(0xff);
	slot[layout.imageOkAt] = 0x0f;
	slot[layout.copyDoneAt] = 0x00;
	slot[layout.swapInfoAt] = 0x07;
	expect(readTrailer(slot, layout)).toMatchObject({ imageOk: "bad", copyDone: "bad", swapType: undefined });
});

test("swap info carries the number of the image in its upper half", () => {
	const layout = trailerLayout(SLOT, 8);
	expect(swapInfo(layout, SwapType.revert, 3)[0]).toBe(0x34);
});

test.each([
	[SLOT, 3],
	[SLOT, 64],
	[SLOT + 4, 8],
	[32, 8],
])("no trailer is laid out for %i bytes written %i at once", (slotBytes, writeAlign) => {
	expect(() => trailerLayout(slotBytes, writeAlign)).toThrow(RangeError);
});
