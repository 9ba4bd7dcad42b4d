import { System } from "@bodycam/protocol/board/records";
import { Board } from "../board/board.ts";
import type { Native } from "../board/native.ts";
import { runBootStage } from "./boot-stage.ts";

/** The engine port puts its natives here before it runs the boot stage. */
declare const native: Native;

const board = new Board(native);
board.on(System.BOOT, 0, (_time, _total, _arena, reason, blockAt, blockLength) => {
	void runBootStage(board, { reason, blockAt, blockLength });
});
native.listen(board.dispatch);
