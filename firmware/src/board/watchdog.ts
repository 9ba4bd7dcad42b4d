import { System } from "@bodycam/protocol/board/records";
import type { Watchdog, WatchdogOptions } from "../hal/watchdog.ts";
import type { Board } from "./board.ts";

/** The board's watchdog. */
export class BoardWatchdog implements Watchdog {
	private readonly board: Board;
	private readonly timeout: number;
	private closed = false;

	/** @param options - the timeout and `board` */
	constructor(options: WatchdogOptions & { readonly board: Board }) {
		this.board = options.board;
		this.timeout = options.timeout;
	}

	feed(): void {
		if (!this.closed) this.board.post(System.WATCHDOG_FEED, 0, this.timeout);
	}

	close(): void {
		this.closed = true;
	}
}
