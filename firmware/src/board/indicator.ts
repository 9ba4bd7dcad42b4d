import { Indicator as IndicatorRecord } from "@bodycam/protocol/board/records";
import type { Indicator, IndicatorFacing, IndicatorOptions, IndicatorPattern } from "../hal/indicator.ts";
import type { Board } from "./board.ts";

const UNITS: Readonly<Record<IndicatorFacing, number>> = { public: 0, wearer: 1 };

/** An indicator light of the board. */
export class BoardIndicator implements Indicator {
	private readonly board: Board;
	private readonly unit: number;
	private closed = false;

	/** @param options - which light, and `board` */
	constructor(options: IndicatorOptions & { readonly board: Board }) {
		this.board = options.board;
		this.unit = UNITS[options.facing];
	}

	show(pattern: IndicatorPattern): void {
		if (this.closed) return;
		this.board.post(IndicatorRecord.SET, this.unit, pattern.color, pattern.on, pattern.off);
	}

	close(): void {
		if (this.closed) return;
		this.show({ color: 0, on: 0, off: 0 });
		this.closed = true;
	}
}
