import { Clock } from "@bodycam/protocol/board/records";
import { isWallTime } from "@bodycam/protocol/camera/wall-time";
import type { RealTimeClock, RealTimeClockOptions } from "../hal/real-time-clock.ts";
import type { Board } from "./board.ts";

const WORD = 0x1_0000_0000;

/**
 * The board's wall clock: the value it last told plus the time that has passed on the monotonic clock. A time that is
 * no `isWallTime` counts as unset: the chip lost its power or was never set.
 */
export class BoardClock implements RealTimeClock {
	private readonly board: Board;
	/** Wall clock in ms at monotonic time 0; undefined while unset. */
	private origin: number | undefined;
	private spread = 0;
	private closed = false;

	/** @param options - the callback and `board` */
	constructor(options: RealTimeClockOptions & { readonly board: Board }) {
		this.board = options.board;
		this.board.on(Clock.TIME, 0, (time, low, high, uncertainty, set) => {
			const told = high * WORD + low;
			const valid = set !== 0 && isWallTime(told);
			this.origin = valid ? told - time / 1000 : undefined;
			this.spread = valid ? uncertainty : 0;
			options.onTime?.();
		});
	}

	get time(): number | undefined {
		if (this.origin === undefined) return undefined;
		const time = Math.round(this.origin + this.board.now() / 1000);
		return isWallTime(time) ? time : undefined;
	}

	get uncertainty(): number {
		return this.spread;
	}

	set(time: number): void {
		if (!this.closed) this.board.post(Clock.SET, 0, time % WORD, Math.floor(time / WORD));
	}

	close(): void {
		if (this.closed) return;
		this.closed = true;
		this.board.off(Clock.TIME, 0);
	}
}
