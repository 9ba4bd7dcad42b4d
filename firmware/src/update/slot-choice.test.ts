import { expect, test } from "vitest";
import { chooseSlot } from "./slot-choice.ts";
import type { SlotState } from "./slot-trailer.ts";

const slot = (state: Partial<SlotState>): SlotState => ({
	magic: "unset",
	copyDone: "unset",
	imageOk: "unset",
	swapType: undefined,
	mark: undefined,
	...state,
});
const turn = (number: number, confirmsItself = false) => ({ mark: { turn: number, confirmsItself } });

const empty = slot({});
const confirmed = (number: number) =>
	slot({ magic: "good", copyDone: "set", imageOk: "set", ...turn(number) });
const pending = (number: number) => slot({ magic: "good", ...turn(number) });
const permanent = (number: number) => slot({ magic: "good", imageOk: "set", ...turn(number) });
const tried = (number: number) => slot({ magic: "good", copyDone: "set", ...turn(number) });

/** Slot and swap of each candidate. */
const order = (first: SlotState, second: SlotState) =>
	chooseSlot([first, second]).candidates.map(({ slot: number, swap }) => `${number} ${swap}`);

test.each([
	["nothing", empty, empty, []],
	["the confirmed one", confirmed(1), empty, ["0 none"]],
	["an image without a trailer never", empty, confirmed(1), ["1 none"]],
	["what was marked for a test before the confirmed one", confirmed(1), pending(2), ["1 test", "0 none"]],
	[
		"what was marked for good before the confirmed one",
		confirmed(1),
		permanent(2),
		["1 permanent", "0 none"],
	],
	["what was tested and not confirmed never again", confirmed(1), tried(2), ["0 none"]],
	["of two confirmed ones the later", confirmed(1), confirmed(2), ["1 none", "0 none"]],
	["of two confirmed ones the later, whatever its slot", confirmed(3), confirmed(2), ["0 none", "1 none"]],
	["the first of two that are alike", confirmed(1), confirmed(1), ["0 none", "1 none"]],
	["of two marked ones the later", pending(1), pending(2), ["1 test", "0 test"]],
] as const)("is run: %s", (_what, first, second, expected) => {
	expect(order(first, second)).toEqual(expected);
});

test("says which were tested and not confirmed", () => {
	expect(chooseSlot([confirmed(1), tried(2)]).notConfirmed).toEqual([1]);
});

test("a write that was interrupted counts as what leads back", () => {
	expect(order(confirmed(1), slot({ magic: "bad", ...turn(2) }))).toEqual(["0 none"]);
	expect(order(confirmed(1), slot({ magic: "good", copyDone: "bad", ...turn(2) }))).toEqual(["0 none"]);
	expect(order(confirmed(1), slot({ magic: "good", copyDone: "set", imageOk: "bad", ...turn(2) }))).toEqual([
		"0 none",
	]);
	expect(order(confirmed(1), slot({ magic: "good", copyDone: "bad", imageOk: "set", ...turn(2) }))).toEqual([
		"1 none",
		"0 none",
	]);
});

test("a mark that says nothing counts as the earliest", () => {
	expect(order(slot({ magic: "good", copyDone: "set", imageOk: "set" }), confirmed(1))).toEqual([
		"1 none",
		"0 none",
	]);
});

test("passes on that an image is to confirm itself", () => {
	const own = slot({ magic: "good", ...turn(2, true) });
	expect(chooseSlot([confirmed(1), own]).candidates.map((one) => one.confirmsItself)).toEqual([true, false]);
});
