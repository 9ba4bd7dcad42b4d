import { describe, expect, it } from "vitest";
import { createFakeNative } from "../testing/fake-native.ts";
import { Board, BoardQueueFullError } from "./board.ts";

const KIND = 0x0a06;

function board() {
	const native = createFakeNative(64);
	return { native, board: new Board(native) };
}

describe("board", () => {
	it("hands a record to the handler of its kind and unit, with time and arguments", () => {
		const { board: tested } = board();
		const seen: number[][] = [];
		tested.on(KIND, 1, (...fields) => seen.push(fields));
		tested.dispatch(KIND, 1, 5.5, 1, 2, 3, 4, 5, 6);
		expect(seen).toEqual([[5.5, 1, 2, 3, 4, 5, 6]]);
	});

	it.each([
		["another unit", KIND, 0],
		["another operation", KIND + 1, 1],
		["another peripheral", KIND + 0x100, 1],
		["a kind outside the layout", KIND | 0x1000, 1],
		["an operation outside the layout", KIND | 0x10, 1],
	])("counts and drops a record of %s", (_what, kind, unit) => {
		const { board: tested } = board();
		tested.on(KIND, 1, () => expect.unreachable());
		tested.dispatch(kind, unit, 0, 0, 0, 0, 0, 0, 0);
		expect(tested.unhandled).toBe(1);
	});

	it("hands out nothing after off", () => {
		const { board: tested } = board();
		tested.on(KIND, 0, () => expect.unreachable());
		tested.off(KIND, 0);
		tested.dispatch(KIND, 0, 0, 0, 0, 0, 0, 0, 0);
		expect(tested.unhandled).toBe(1);
	});

	it("refuses a handler for a kind outside the layout", () => {
		const { board: tested } = board();
		expect(() => tested.on(0x1001, 0, () => undefined)).toThrow(RangeError);
	});

	it("throws when the board takes no more records", () => {
		const { board: tested, native } = board();
		native.accepting = false;
		expect(() => tested.post(KIND, 0)).toThrow(BoardQueueFullError);
	});
});
