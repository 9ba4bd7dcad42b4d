import { Serial as SerialRecord } from "@bodycam/protocol/board/records";
import type { MediaRegion } from "../hal/media-memory.ts";
import type { Serial, SerialOptions } from "../hal/serial.ts";
import type { Board } from "./board.ts";

/** A serial port of the board. */
export class BoardSerial implements Serial {
	private readonly board: Board;
	private readonly unit: number;
	private closed = false;

	/** @param options - which port, the callbacks, `board`, and `buffer` for received bytes */
	constructor(options: SerialOptions & { readonly board: Board; readonly buffer: MediaRegion }) {
		const { board, buffer, port } = options;
		this.board = board;
		this.unit = port;
		board.on(SerialRecord.RECEIVED, port, (_time, at, length) => options.onReadable(at, length));
		board.on(SerialRecord.WRITTEN, port, (_time, status, _b, _c, tag) => options.onWritten(tag, status));
		board.on(SerialRecord.CARRIER, port, (_time, open) => options.onCarrier?.(open !== 0));
		board.post(SerialRecord.CONFIGURE, port, buffer.at, buffer.bytes);
	}

	release(at: number, length: number): void {
		if (!this.closed) this.board.post(SerialRecord.RELEASE, this.unit, at, length);
	}

	write(at: number, length: number, tag: number): void {
		if (!this.closed) this.board.post(SerialRecord.WRITE, this.unit, at, length, 0, tag);
	}

	close(): void {
		if (this.closed) return;
		this.closed = true;
		this.board.off(SerialRecord.RECEIVED, this.unit);
		this.board.off(SerialRecord.WRITTEN, this.unit);
		this.board.off(SerialRecord.CARRIER, this.unit);
	}
}
