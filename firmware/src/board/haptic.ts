import { Haptic as HapticRecord } from "@bodycam/protocol/board/records";
import type { Haptic, HapticPattern } from "../hal/haptic.ts";
import type { Board } from "./board.ts";

/** The board's vibration motor. */
export class BoardHaptic implements Haptic {
	private readonly board: Board;
	private closed = false;

	/** @param options - `board`: the record queues */
	constructor(options: { readonly board: Board }) {
		this.board = options.board;
	}

	play(pattern: HapticPattern): void {
		if (!this.closed) this.board.post(HapticRecord.PULSE, 0, pattern.on, pattern.off, pattern.pulses);
	}

	close(): void {
		this.closed = true;
	}
}
