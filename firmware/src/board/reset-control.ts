import { ResetReason, System } from "@bodycam/protocol/board/records";
import type { BootReason, ResetControl } from "../hal/reset-control.ts";
import type { Board } from "./board.ts";

const REASONS: Readonly<Record<number, BootReason>> = {
	[ResetReason.powerOn]: "power-on",
	[ResetReason.requested]: "requested",
	[ResetReason.watchdog]: "watchdog",
	[ResetReason.exception]: "exception",
	[ResetReason.outOfMemory]: "out-of-memory",
	[ResetReason.powerCut]: "power-cut",
	[ResetReason.stackOverflow]: "stack-overflow",
};

/** Reset by board record. */
export class BoardResetControl implements ResetControl {
	readonly reason: BootReason;
	private readonly board: Board;

	/** @param options - `board`, and `reason`: the `ResetReason` of the boot record */
	constructor(options: { readonly board: Board; readonly reason: number }) {
		this.board = options.board;
		this.reason = REASONS[options.reason] ?? "power-on";
	}

	restart(): void {
		this.board.post(System.RESET, 0, ResetReason.requested);
	}

	forgive(): void {
		this.board.post(System.RETAIN, 0, 0, 0);
	}
}
