/**
 * The firmware with a record that makes one misfortune happen in the middle of its work, for tests of what becomes of
 * it: `main.ts` with another listener.
 */
import { System } from "@bodycam/protocol/board/records";
import { Board } from "../board/board.ts";
import { native } from "../board/native.ts";
import { startDevice } from "../device/device.ts";
import { MISFORTUNE_KIND, MISFORTUNES, type Misfortune } from "./misfortunes.ts";

const kept: object[] = [];

function recurse(depth: number): number {
	return recurse(depth + 1) + 1;
}

const HAPPEN: Readonly<Record<Misfortune, () => unknown>> = {
	exception: () => {
		throw new Error("a misfortune");
	},
	"full heap": () => {
		for (;;) kept.push({});
	},
	"endless recursion": () => recurse(0),
	"endless loop": () => {
		for (;;);
	},
};

const board = new Board(native);
board.on(System.BOOT, 0, (_time, total, arena, reason, blockAt, blockLength) => {
	startDevice(board, { total, arena, reason, blockAt, blockLength });
});
native.listen((kind, unit, time, a, b, c, d, e, f) => {
	const misfortune = kind === MISFORTUNE_KIND ? MISFORTUNES[a] : undefined;
	if (misfortune !== undefined) HAPPEN[misfortune]();
	else board.dispatch(kind, unit, time, a, b, c, d, e, f);
});
