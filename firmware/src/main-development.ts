import { System } from "@bodycam/protocol/board/records";
import { Board } from "./board/board.ts";
import type { Native } from "./board/native.ts";
import { openDevelopment } from "./development/open.ts";
import { startDevice } from "./device/device.ts";

/** The engine port puts its natives here before it runs the firmware. */
declare const native: Native;

const board = new Board(native);
board.on(System.BOOT, 0, (_time, total, arena, reason, blockAt, blockLength) => {
	startDevice(board, { total, arena, reason, blockAt, blockLength }, openDevelopment);
});
native.listen(board.dispatch);
