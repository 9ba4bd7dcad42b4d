import { Battery as BatteryRecord } from "@bodycam/protocol/board/records";
import type { Battery, BatteryOptions, BatteryReading } from "../hal/battery.ts";
import type { Board } from "./board.ts";

/** The board's battery gauge. */
export class BoardBattery implements Battery {
	private readonly board: Board;
	private reading: BatteryReading | undefined;

	/** @param options - the callback and `board` */
	constructor(options: BatteryOptions & { readonly board: Board }) {
		this.board = options.board;
		this.board.on(BatteryRecord.LEVEL, 0, (_time, percent, millivolt, charging, minutesLeft) => {
			this.reading = { percent, millivolt, charging: charging !== 0, minutesLeft };
			options.onReadable();
		});
	}

	read(): BatteryReading | undefined {
		return this.reading;
	}

	close(): void {
		this.board.off(BatteryRecord.LEVEL, 0);
	}
}
