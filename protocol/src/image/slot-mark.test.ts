import fc from "fast-check";
import { expect, test } from "vitest";
import { SLOT_TRAILER } from "../board/flash-layout.ts";
import { decodeSlotMark, encodeSlotMark, markWrites, slotMarkAt } from "./slot-mark.ts";
import { readTrailer } from "./trailer.ts";

const mark = { turn: 7, confirmsItself: true };

/** A slot after some of the writes. */
function slotAfter(kind: "test" | "permanent" | "installed", writes: number): Uint8Array {
	const slot = new Uint8Array(SLOT_TRAILER.slotBytes).fill(0xff);
	for (const { at, bytes } of markWrites(SLOT_TRAILER, kind, mark).slice(0, writes)) {
		expect(slot.subarray(at, at + bytes.length).every((byte) => byte === 0xff)).toBe(true);
		slot.set(bytes, at);
	}
	return slot;
}

test.each([
	["test", { magic: "good", copyDone: "unset", imageOk: "unset", swapType: 2 }],
	["permanent", { magic: "good", copyDone: "unset", imageOk: "set", swapType: 3 }],
	["installed", { magic: "good", copyDone: "set", imageOk: "set", swapType: 3 }],
] as const)("an image that is marked for %s says so, each unit written once", (kind, trailer) => {
	const slot = slotAfter(kind, 9);
	expect(readTrailer(slot, SLOT_TRAILER)).toEqual(trailer);
	expect(decodeSlotMark(slot.subarray(slotMarkAt(SLOT_TRAILER)))).toEqual(mark);
});

test.each(["test", "permanent", "installed"] as const)(
	"marked for %s, it is not before the last write",
	(kind) => {
		const { length } = markWrites(SLOT_TRAILER, kind, mark);
		for (let writes = 0; writes < length; writes++)
			expect(readTrailer(slotAfter(kind, writes), SLOT_TRAILER).magic).toBe("unset");
	},
);

test("a mark whose write was interrupted says nothing", () => {
	fc.assert(
		fc.property(
			fc.nat(0xffff_ffff),
			fc.boolean(),
			fc.uint8Array({ minLength: 16, maxLength: 16 }),
			(turn, confirmsItself, left) => {
				const whole = encodeSlotMark({ turn, confirmsItself });
				const torn = whole.map((byte, at) => byte | (left[at] ?? 0));
				const complete = torn.every((byte, at) => byte === whole[at]);
				expect(decodeSlotMark(torn)).toEqual(complete ? { turn, confirmsItself } : undefined);
			},
		),
	);
	expect(decodeSlotMark(new Uint8Array(16).fill(0xff))).toBeUndefined();
	expect(decodeSlotMark(new Uint8Array(15))).toBeUndefined();
});
