import { System } from "@bodycam/protocol/board/records";
import type { LogLevel } from "../hal/log.ts";
import type { Board } from "./board.ts";

const LEVELS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 };

/** Bytes of text that may be on their way to the board at once. */
const WINDOW_BYTES = 32 * 1024;

/** The board's log console: shows lines that lie in media memory. */
export class BoardLogConsole {
	/** Lines not shown because the board was behind. */
	skipped = 0;
	private readonly board: Board;
	private outstanding = 0;

	/** @param options - `board`: the record queues */
	constructor(options: { readonly board: Board }) {
		this.board = options.board;
		this.board.on(System.LOG_TAKEN, 0, (_time, _at, length) => {
			this.outstanding = Math.max(0, this.outstanding - length);
		});
	}

	/** Shows a line; it stays unchanged in media memory until the board has taken it. */
	show(level: LogLevel, at: number, length: number): void {
		if (this.outstanding + length > WINDOW_BYTES) {
			this.skipped++;
			return;
		}
		this.outstanding += length;
		this.board.post(System.LOG, 0, at, length, LEVELS[level]);
	}
}
