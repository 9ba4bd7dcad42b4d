import { Button as ButtonRecord } from "@bodycam/protocol/board/records";
import type { Button, ButtonName, ButtonOptions } from "../hal/button.ts";
import type { Board } from "./board.ts";

const UNITS: Readonly<Record<ButtonName, number>> = { event: 0, function: 1 };

/** A button of the board. */
export class BoardButton implements Button {
	private readonly board: Board;
	private readonly unit: number;

	/** @param options - which button, the callback, and `board` */
	constructor(options: ButtonOptions & { readonly board: Board }) {
		this.board = options.board;
		this.unit = UNITS[options.button];
		this.board.on(ButtonRecord.EDGE, this.unit, (time, pressed) => options.onEdge(pressed !== 0, time));
	}

	close(): void {
		this.board.off(ButtonRecord.EDGE, this.unit);
	}
}
